"""The catalogue's tables, by version: entry ``i`` lifts a catalogue from version ``i`` to ``i + 1``.

Never change an entry that was released; append one. An older catalogue is copied beside itself before it is lifted.
Columns named ``*_key`` hold the SHA-256 of a URL, never the URL; ``shown_url`` is the URL without its query.
"""

Migrations = tuple[tuple[str, ...], ...]

MIGRATIONS: Migrations = (
    (
        """CREATE TABLE projects (
            project_id TEXT PRIMARY KEY, name TEXT NOT NULL, base TEXT NOT NULL, updated_at TEXT NOT NULL)""",
        """CREATE TABLE batches (
            project_id TEXT NOT NULL, batch_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
            status TEXT NOT NULL, total_jobs INTEGER, completed_jobs INTEGER, total_frames INTEGER,
            completed_frames INTEGER, annotations INTEGER, created_at TEXT NOT NULL,
            PRIMARY KEY (project_id, batch_id))""",
        """CREATE TABLE jobs (
            job_id TEXT PRIMARY KEY, project_id TEXT NOT NULL, batch_id TEXT NOT NULL, reference_id TEXT NOT NULL,
            name TEXT NOT NULL, status TEXT NOT NULL, frames INTEGER, annotations INTEGER,
            result_key TEXT NOT NULL DEFAULT '', result_sha256 TEXT NOT NULL DEFAULT '',
            added_at TEXT NOT NULL, opened_at TEXT NOT NULL DEFAULT '')""",
        "CREATE INDEX jobs_by_batch ON jobs (project_id, batch_id)",
        "CREATE INDEX jobs_by_reference ON jobs (reference_id)",
        """CREATE TABLE files (
            url_key TEXT PRIMARY KEY, shown_url TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('wanted', 'stored')),
            size INTEGER NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '', media_type TEXT NOT NULL DEFAULT '',
            received_at TEXT NOT NULL DEFAULT '')""",
        "CREATE INDEX files_by_content ON files (sha256)",
        """CREATE TABLE job_files (
            job_id TEXT NOT NULL, url_key TEXT NOT NULL, PRIMARY KEY (job_id, url_key)) WITHOUT ROWID""",
        "CREATE INDEX job_files_by_file ON job_files (url_key)",
        """CREATE TABLE camera_links (
            job_id TEXT NOT NULL, camera TEXT NOT NULL, ei_project_id INTEGER NOT NULL, sample_id INTEGER NOT NULL,
            sample_name TEXT NOT NULL, block_id INTEGER NOT NULL, variant TEXT NOT NULL,
            frame_offset INTEGER NOT NULL DEFAULT 0, space TEXT NOT NULL DEFAULT '', PRIMARY KEY (job_id, camera))""",
    ),
    (
        "ALTER TABLE jobs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX jobs_by_result ON jobs (result_key)",
        # SQLite cannot change a CHECK in place: the table is rebuilt, rows and index with it
        """CREATE TABLE files_with_damage (
            url_key TEXT PRIMARY KEY, shown_url TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('wanted', 'stored', 'damaged')),
            size INTEGER NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '', media_type TEXT NOT NULL DEFAULT '',
            received_at TEXT NOT NULL DEFAULT '')""",
        """INSERT INTO files_with_damage (url_key, shown_url, state, size, sha256, media_type, received_at)
            SELECT url_key, shown_url, state, size, sha256, media_type, received_at FROM files ORDER BY rowid""",
        "DROP TABLE files",
        "ALTER TABLE files_with_damage RENAME TO files",
        "CREATE INDEX files_by_content ON files (sha256)",
        "CREATE INDEX files_lacking ON files (url_key) WHERE state <> 'stored'",
        "ALTER TABLE camera_links ADD COLUMN resize_mode TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE camera_links ADD COLUMN pictures TEXT NOT NULL DEFAULT 'auto'",
        """CREATE TABLE folder_mappings (
            project_id TEXT NOT NULL, url_prefix TEXT NOT NULL, folder TEXT NOT NULL,
            PRIMARY KEY (project_id, url_prefix))""",
        "CREATE TABLE last_views (job_id TEXT PRIMARY KEY, view BLOB NOT NULL)",
        """CREATE TABLE queued_jobs (
            position INTEGER PRIMARY KEY, project_id TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL,
            state TEXT NOT NULL, message TEXT NOT NULL)""",
    ),
    (
        """CREATE TABLE pose_conventions (
            job_id TEXT PRIMARY KEY, direction TEXT NOT NULL, axes TEXT NOT NULL, space TEXT NOT NULL)""",
    ),
)
