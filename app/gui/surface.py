"""What OpenGL can do here, and the surface format that has to be set before the first window is made."""

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

NEEDED = (3, 2)  # OpenGL version
GL_RENDERER = 0x1F01
WITHOUT_OPENGL = {"offscreen", "minimal", "minimalegl", "linuxfb", "vnc"}  # Qt platforms that cannot compose GL widgets
NEXT_STEP = (
    "Update the graphics driver, or start with LIBGL_ALWAYS_SOFTWARE=1 to draw without the graphics card. "
    "Lists, pictures and reports work without it."
)


def prepare_surface_format() -> None:
    """Ask for desktop OpenGL 3.2 core in every window; has to come before the first top-level window is made."""
    wanted = QSurfaceFormat()
    # without this Wayland may hand out OpenGL ES, whose shaders differ
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setVersion(*NEEDED)
    wanted.setSwapBehavior(QSurfaceFormat.SwapBehavior.DoubleBuffer)
    wanted.setRedBufferSize(8)
    wanted.setGreenBufferSize(8)
    wanted.setBlueBufferSize(8)
    wanted.setAlphaBufferSize(8)
    wanted.setDepthBufferSize(8)
    wanted.setStencilBufferSize(0)
    wanted.setSamples(0)
    QSurfaceFormat.setDefaultFormat(wanted)


def probe_opengl() -> tuple[str, str]:
    """What draws (``OpenGL 4.5 · llvmpipe``) and "", or "" and why nothing can be drawn. Makes a throw-away context."""
    if QGuiApplication.platformName() in WITHOUT_OPENGL:
        return "", f"The display platform “{QGuiApplication.platformName()}” has no OpenGL."
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return "", "This machine offers no OpenGL to this program."
    version = context.format().version()
    name = str(context.functions().glGetString(GL_RENDERER))
    context.doneCurrent()
    if tuple(version) < NEEDED:
        return "", f"The graphics driver offers OpenGL {version[0]}.{version[1]}; version 3.2 is needed."
    return f"OpenGL {version[0]}.{version[1]} · {name.partition(' (')[0]}", ""
