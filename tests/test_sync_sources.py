"""Where a file comes from: a mapped folder, the service, or its owner's store, over real sockets."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.api.telus import TelusClient
from app.errors import ApiError, InputError, KeyRefusedError, ServiceError, UnreachableError
from app.progress import Cancelled, Progress
from app.sandbox.origin import OriginServer, Reply, Request, xml_error
from app.sandbox.telus_side import error_reply
from app.sync.sources import closest, fetch_file, folder_mapping, is_signed
from app.workspace import FolderMapping, Workspace
from tests.api.origins import KEY, client, origins

PROJECT = "p1"
UNREADABLE = error_reply("FS_0007", "Image Urls not found")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A customer's files."""
    place = tmp_path / "my files"
    (place / "scans").mkdir(parents=True)
    (place / "scans" / "000 1+é.pcd").write_bytes(b"from the folder")
    (place / "other.pcd").write_bytes(b"another")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return place


@dataclass
class World:
    """The service, a customer's own store, and a workspace."""

    workspace: Workspace
    telus: TelusClient
    service: OriginServer
    store: OriginServer
    progress: Progress = field(default_factory=Progress)

    def fetch(self, url: str) -> int:
        return fetch_file(self.workspace, self.telus, url, project_id=PROJECT, progress=self.progress)

    def failure(self, url: str) -> ApiError:
        with pytest.raises(ApiError) as caught:
            self.fetch(url)
        assert self.workspace.find(url) is None
        assert self.workspace.left_overs().partials == 0
        return caught.value

    def map(self, prefix: str, folder: Path) -> None:
        self.workspace.save_mapping(folder_mapping(PROJECT, prefix, folder))

    @property
    def asked(self) -> list[str]:
        names = {self.service.name: "service", self.store.name: "store"}
        return [names[one.origin] for server in (self.service, self.store) for one in server.recorder.requests]


@pytest.fixture
def world(workspace: Workspace) -> Iterator[Callable[..., "World"]]:
    with ExitStack() as stack:

        def make(
            service: Callable[[Request], Reply] = lambda _: UNREADABLE,
            store: Callable[[Request], Reply] = lambda _: Reply(200, b"from the store", "application/pcd"),
        ) -> World:
            servers = stack.enter_context(origins(service, store))
            http = stack.enter_context(client(tries=1))
            return World(workspace, TelusClient(http, base_url=servers[0].url, key=KEY), *servers)

        yield make


def test_a_file_comes_through_attachments_where_nothing_is_mapped(world: Callable[..., World]) -> None:
    here = world(lambda _: Reply(200, b"from the service", "text/plain"))
    url = "https://bucket.example/scans/1.pcd"
    assert here.fetch(url) == len(b"from the service")
    assert here.workspace.read(url) == b"from the service"
    stored = here.workspace.find(url)
    assert stored is not None
    assert stored.media_type == "text/plain"
    assert here.asked == ["service"]


def test_a_mapped_folder_comes_first_and_no_network_is_asked(world: Callable[..., World], folder: Path) -> None:
    here = world()
    here.map("https://bucket.example/data/", folder)
    url = "https://bucket.example/data/scans/000%201+%C3%A9.pcd?X-Amz-Signature=abc#part"
    assert here.fetch(url) == len(b"from the folder")
    assert here.workspace.read(url) == b"from the folder"
    assert here.asked == []


@pytest.mark.parametrize("prefix", ["s3://bucket/data", "S3://BUCKET/data/", "s3://bucket/d%61ta"])
def test_an_s3_address_can_be_mapped_too(world: Callable[..., World], folder: Path, prefix: str) -> None:
    here = world()
    here.map(prefix, folder)
    assert here.fetch("s3://bucket/data/other.pcd") == len(b"another")
    assert here.asked == []


def test_what_is_copied_is_the_workspaces_own_and_stays_when_the_folder_goes(
    world: Callable[..., World], folder: Path
) -> None:
    here = world()
    here.map("https://bucket.example/", folder)
    here.fetch("https://bucket.example/other.pcd")
    (folder / "other.pcd").unlink()
    assert here.workspace.read("https://bucket.example/other.pcd") == b"another"


def test_the_longest_prefix_wins(tmp_path: Path) -> None:
    near, far = (
        FolderMapping(PROJECT, "https://b.example/a/b", tmp_path),
        FolderMapping(PROJECT, "https://b.example", tmp_path),
    )
    for mappings in ([near, far], [far, near]):
        assert closest(mappings, "https://b.example/a/b/c.pcd") == near
        assert closest(mappings, "https://b.example/a/x.pcd") == far
        assert closest(mappings, "https://b.example/a/bc.pcd") == far
        assert closest(mappings, "https://c.example/a/b/c.pcd") is None
        assert closest(mappings, "http://b.example/a/b/c.pcd") is None


def test_a_mapping_belongs_to_its_project_alone(world: Callable[..., World], folder: Path) -> None:
    here = world(lambda _: Reply(200, b"from the service"))
    here.workspace.save_mapping(folder_mapping("p2", "https://bucket.example/", folder))
    here.fetch("https://bucket.example/other.pcd")
    assert here.asked == ["service"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "scans/../../secret.txt",
        "%2e%2e/secret.txt",
        "scans/%2E%2E%2F..%2Fsecret.txt",
        "..%5Csecret.txt",
        "link.pcd",
        "out/secret.txt",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "a%00b",
        "",
        "scans",
        "x" * 5000,
    ],
)
def test_no_address_leads_out_of_the_mapped_folder(world: Callable[..., World], folder: Path, path: str) -> None:
    if os.name != "nt":
        (folder / "link.pcd").symlink_to(folder.parent / "secret.txt")
        (folder / "out").symlink_to(folder.parent)
    here = world()
    here.map("https://bucket.example/data", folder)
    error = here.failure(f"https://bucket.example/data/{path}")
    assert f"Tried the folder {folder}:" in error.message


def test_a_link_inside_of_the_folder_is_followed(world: Callable[..., World], folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("links need a privilege there")
    (folder / "same.pcd").symlink_to(folder / "other.pcd")
    here = world()
    here.map("https://bucket.example/", folder)
    here.fetch("https://bucket.example/same.pcd")
    assert here.workspace.read("https://bucket.example/same.pcd") == b"another"


def test_a_file_that_the_folder_lacks_is_asked_for_elsewhere(world: Callable[..., World], folder: Path) -> None:
    here = world(lambda _: Reply(200, b"from the service"))
    here.map("https://bucket.example/", folder)
    here.fetch("https://bucket.example/new.pcd")
    assert here.asked == ["service"]


def test_a_file_of_the_customer_is_fetched_directly_and_without_the_key(world: Callable[..., World]) -> None:
    here = world()
    url = f"{here.store.url}/own.pcd?token=%2F"
    here.fetch(url)
    assert here.workspace.read(url) == b"from the store"
    assert here.asked == ["service", "store"]
    (direct,) = here.store.recorder.requests
    assert direct.target == "/own.pcd?token=%2F"
    assert KEY not in str(direct)


@pytest.mark.parametrize("code", ["unauthorized", "core.webutil.auther"])
def test_a_file_that_is_none_of_the_services_is_fetched_directly_and_ends_no_download(
    world: Callable[..., World], code: str
) -> None:
    here = world(lambda _: error_reply(code, "not yours"))
    here.fetch(f"{here.store.url}/own.pcd")
    assert here.asked == ["service", "store"]
    error = here.failure("https://nowhere.example/own.pcd")
    assert not isinstance(error, KeyRefusedError)
    assert "Tried the annotation service: 127.0.0.1 refused the API key for this project" in error.message


def test_a_refusal_for_another_reason_leads_to_no_direct_request(world: Callable[..., World]) -> None:
    here = world(lambda _: error_reply("api_error", "later"))
    error = here.failure(f"{here.store.url}/own.pcd")
    assert set(here.asked) == {"service"}
    assert "Tried the annotation service: 127.0.0.1 says api_error" in error.message
    assert isinstance(error, ServiceError)
    assert error.code == "api_error"


@pytest.mark.parametrize("name", ["X-Amz-Signature", "x-amz-signature", "Signature", "sig", "X-Goog-Signature"])
def test_an_address_with_a_signature_of_its_own_is_tried_directly_too(world: Callable[..., World], name: str) -> None:
    here = world(lambda _: error_reply("GE_0001", "not ours"))
    url = f"{here.store.url}/own.pcd?a=b&{name}=c%2Bd"
    assert is_signed(url)
    here.fetch(url)
    assert here.workspace.read(url) == b"from the store"


def test_a_signed_address_works_when_the_service_is_gone(world: Callable[..., World]) -> None:
    here = world()
    here.service.stop()
    here.fetch(f"{here.store.url}/own.pcd?X-Amz-Signature=c")
    assert here.asked == ["store"]


def test_a_signed_address_is_not_tried_after_a_refused_key(world: Callable[..., World]) -> None:
    here = world(lambda _: error_reply("auth-failure", ""))
    with pytest.raises(KeyRefusedError):
        here.fetch(f"{here.store.url}/own.pcd?X-Amz-Signature=c")
    assert here.asked == ["service"]


@pytest.mark.parametrize(
    "url", ["https://b.example/a.pcd", "https://b.example/a?signed=1", "s3://b/k", "https://[::1/x?sig=1"]
)
def test_other_addresses_count_as_unsigned(url: str) -> None:
    assert not is_signed(url)


def test_a_failure_tells_every_way_that_was_tried_and_the_step_that_helps(
    world: Callable[..., World], folder: Path
) -> None:
    here = world(store=lambda _: xml_error(403, "AccessDenied", "no"))
    here.map(here.store.url, folder)
    error = here.failure(f"{here.store.url}/scans/new.pcd?X-Amz-Signature=CANARY")
    assert error.message.startswith(f"Tried the folder {folder}: There is no scans/new.pcd in it. ")
    assert "Tried the annotation service: 127.0.0.1 says FS_0007: the file could not be accessed" in error.message
    assert "Tried the file's own address: The file store 127.0.0.1 refused access (AccessDenied)." in error.message
    assert "name a folder on this machine that holds it" in error.next_step
    assert "CANARY" not in str(error)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://bucket/key", "Addresses that start with s3: are not contacted."),
        ("http://cdn.example/a.pcd", "only https addresses are contacted"),
        ("file:///etc/passwd", "Addresses that start with file: are not contacted."),
    ],
)
def test_an_address_that_is_never_contacted_says_so(world: Callable[..., World], url: str, told: str) -> None:
    error = world().failure(url)
    assert "Tried the annotation service:" in error.message
    assert told in error.message


def test_a_service_that_cannot_be_reached_is_told_as_that(world: Callable[..., World], folder: Path) -> None:
    here = world()
    here.map("https://bucket.example/", folder)
    here.service.stop()
    assert isinstance(here.failure("https://bucket.example/new.pcd"), UnreachableError)


def test_what_an_earlier_download_left_is_not_the_start_of_the_folders_file(
    world: Callable[..., World], folder: Path
) -> None:
    url = "https://bucket.example/other.pcd"
    here = world()
    with suppress(UnreachableError), here.workspace.receive(url) as sink:
        sink.etag = '"one"'
        sink.write(b"half of a fi")
        raise UnreachableError("The transfer was cut.")
    assert here.workspace.left_overs().partials == 1
    here.map("https://bucket.example/", folder)
    here.fetch(url)
    assert here.workspace.read(url) == b"another"


def test_a_copy_can_be_cancelled(world: Callable[..., World], folder: Path) -> None:
    here = world()
    here.map("https://bucket.example/", folder)
    here.progress.cancel()
    with pytest.raises(Cancelled):
        here.fetch("https://bucket.example/other.pcd")
    assert here.workspace.find("https://bucket.example/other.pcd") is None


@pytest.mark.parametrize("prefix", ["", "bucket.example/data", "/data", "https://", "https:", "https://[::1/"])
def test_a_prefix_that_is_no_address_is_refused(prefix: str, folder: Path) -> None:
    with pytest.raises(InputError, match="not the start of an address"):
        folder_mapping(PROJECT, prefix, folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        folder_mapping(PROJECT, "https://bucket.example/", tmp_path / "nowhere")
