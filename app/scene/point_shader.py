"""How a point gets its colour and whether it is drawn at all: worked out on the graphics card.

Each point carries the row of a colour table (alpha 0 hides), and where it is coloured by a number or by a camera also
that number or colour. Everything else is a uniform or a small texture, so changing colours, ranges and cuts costs the
same for one point as for ten million. What is hidden or cut away is moved out of the picture before it is rasterised,
so it neither shows nor hides what is behind it.
"""

import math
from enum import Enum

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkProperty, vtkShaderProperty, vtkTexture
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLShaderProperty

from app.domain.arrays import Bytes, Float32
from app.domain.cuts import Cuts
from app.domain.legend import Rgb
from app.scene.look import fraction
from app.scene.prepared import Spread

ROW, VALUE, COLOR = "pointRow", "pointValue", "pointColor"  # what a point carries
TABLE, RAMP = "pointTable", "pointRamp"  # textures
TABLE_WIDTH = 1024  # rows of the colour table in one line of its texture, which every graphics card can hold
_PACKED = 1 << 16  # colours packed at a time, so that nothing else of size N is made
FAR = 1e30  # metres: what a cut that is off leaves in place


class PointMode(Enum):
    """What decides the colour of a point."""

    TABLE = "table"
    VALUE = "value"
    COLOR = "color"


_DECLARATIONS = {
    PointMode.TABLE: "",
    PointMode.VALUE: f"in float {VALUE}; uniform sampler2D {RAMP};",
    PointMode.COLOR: f"in float {COLOR};",
}
_COLORS = {
    PointMode.TABLE: "pointShade = entry.rgb;",
    # a NaN compares false with everything
    PointMode.VALUE: f"""
float share = clamp(({VALUE} - valueLow) * valueScale, 0.0, 1.0);
pointShade = ({VALUE} == {VALUE}) ? texelFetch({RAMP}, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb : noColor;""",
    PointMode.COLOR: f"""
vec3 parts = mod(floor(vec3({COLOR}) / vec3(65536.0, 256.0, 1.0)), 256.0);
pointShade = {COLOR} < 0.0 ? noColor : parts / 255.0;""",
}
_VERTEX = f"""//VTK::System::Dec
in vec4 vertexMC;
uniform mat4 MCDCMatrix;
in float {ROW};
uniform sampler2D {TABLE};
%DECLARATIONS%
//VTK::CustomUniforms::Dec
flat out vec3 pointShade;
void main()
{{
  int row = int({ROW} + 0.5);
  vec4 entry = texelFetch({TABLE}, ivec2(row % {TABLE_WIDTH}, row / {TABLE_WIDTH}), 0);
  bool away = entry.a < 0.5;
  %COLOR%
  %CUTS%
  gl_Position = away ? vec4(2.0, 2.0, 2.0, 1.0) : MCDCMatrix * vertexMC;
  gl_PointSize = max(pointPixels, pointMetres / max(gl_Position.w, 1e-6));
  %RIM%
}}
"""
_CUTS = """
  vec3 fromEgo = vertexMC.xyz - cutEgo;
  vec2 ahead = vec2(dot(fromEgo.xy, cutSector.xy), cutSector.x * fromEgo.y - cutSector.y * fromEgo.x);
  vec3 fromBox = vertexMC.xyz - cutBoxCentre;
  fromBox.xy = vec2(dot(fromBox.xy, cutBoxTurn), cutBoxTurn.x * fromBox.y - cutBoxTurn.y * fromBox.x);
  away = away || vertexMC.z < cutReach.x || vertexMC.z > cutReach.y || length(fromEgo) > cutReach.z
    || cutSector.z * ahead.x < cutSector.w * abs(ahead.y) || any(greaterThan(abs(fromBox), cutBoxHalf));
"""
_RIM = """
  pointShade = rimColor;
  gl_Position.z += rimBehind;
  gl_PointSize += rimPixels;
"""
_FRAGMENT = """//VTK::System::Dec
//VTK::Output::Dec
flat in vec3 pointShade;
void main()
{
  gl_FragData[0] = vec4(pointShade, 1.0);
}
"""


class PointShader:
    """One shader per PointMode with the same textures and uniforms; shared by all chunks of a cloud."""

    def __init__(self, appearance: vtkProperty) -> None:
        self._table, self._ramp = _Table(), _Table()
        appearance.SetTexture(TABLE, self._table.texture)
        appearance.SetTexture(RAMP, self._ramp.texture)
        self._programs = {(mode, cut): _program(mode, cutting=cut) for mode in PointMode for cut in (False, True)}
        self._rims = {cut: _program(PointMode.TABLE, cutting=cut, rim=True) for cut in (False, True)}
        self._cutting = False
        self.set_table(np.full((1, 4), 255, dtype=np.uint8))
        self.set_ramp(np.zeros((256, 3), dtype=np.uint8), value_range=(0.0, 1.0))
        self.set_no_color((128, 128, 128))
        self.set_size(pixels=2.0)
        self.set_rim((255, 255, 255), pixels=0.0)
        self.set_rim_behind(0.0)
        self.set_cuts(None, None)

    def program(self, mode: PointMode) -> vtkShaderProperty:
        """What an actor needs to draw in a mode."""
        return self._programs[mode, self._cutting]

    @property
    def rim_program(self) -> vtkShaderProperty:
        """What an actor needs to draw the rims of points, whatever they are coloured by."""
        return self._rims[self._cutting]

    def set_table(self, colors: Bytes) -> None:
        """(K, 4) uint8 RGBA; points of rows with alpha 0 are not drawn."""
        lines = -(-max(len(colors), 1) // TABLE_WIDTH)
        texels = np.zeros((lines * TABLE_WIDTH, 4), dtype=np.uint8)
        texels[: len(colors)] = colors
        self._table.fill(texels, width=TABLE_WIDTH)

    def set_ramp(self, color_map: Bytes, *, value_range: tuple[float, float]) -> None:
        """(256, 3) uint8 from the lower to the upper end of ``value_range``; beyond it the ends' colours."""
        texels = np.full((256, 4), 255, dtype=np.uint8)
        texels[:, :3] = color_map
        self._ramp.fill(texels, width=256)
        low, high = value_range
        self._set("valueLow", low)
        self._set("valueScale", 1.0 / max(high - low, 1e-30))

    def set_no_color(self, color: Rgb) -> None:
        """Of points without a number, or that no camera sees."""
        self._set("noColor", *fraction(color))

    def set_size(self, *, pixels: float, metres: float = 0.0) -> None:
        """Device pixels at least; ``metres`` are given as pixels at a distance of one metre."""
        self._set("pointPixels", pixels)
        self._set("pointMetres", metres)

    def set_rim(self, color: Rgb, *, pixels: float) -> None:
        """Colour of rims, and device pixels by which they are larger than their points."""
        self._set("rimColor", *fraction(color))
        self._set("rimPixels", pixels)

    def set_rim_behind(self, behind: float) -> None:
        """By how much rims lie behind their points, in clip space before the division by w: there a constant is the
        same share of every distance in perspective."""
        self._set("rimBehind", behind)

    def set_cuts(self, cuts: Cuts | None, spread: Spread | None) -> None:
        """Leave out what ``cuts`` cut away, around the ego and the ground of ``spread``; None cuts nothing."""
        ego = (0.0, 0.0, 0.0) if spread is None else tuple(spread.ego.tolist())
        ground = 0.0 if spread is None else spread.ground
        self._cutting = bool(cuts)  # testing every point for nothing would cost a tenth of the drawing
        cuts = cuts or Cuts()
        low = -FAR if cuts.floor is None else ground + cuts.floor
        high = FAR if cuts.ceiling is None else ground + cuts.ceiling
        self._set("cutReach", low, high, FAR if cuts.farthest is None else cuts.farthest)
        self._set("cutEgo", *ego)
        sector, edge = cuts.sector, (1.0, 0.0, 0.0, 0.0)
        if sector is not None and sector.half_angle < math.pi:
            angles = sector.heading, sector.half_angle
            edge = math.cos(angles[0]), math.sin(angles[0]), math.sin(angles[1]), math.cos(angles[1])
        self._set("cutSector", *edge)
        box = cuts.box
        self._set("cutBoxCentre", *((0.0, 0.0, 0.0) if box is None else box.centre))
        self._set("cutBoxHalf", *((FAR, FAR, FAR) if box is None else box.half))
        yaw = 0.0 if box is None else box.yaw
        self._set("cutBoxTurn", math.cos(yaw), math.sin(yaw))

    def _set(self, name: str, *values: float) -> None:
        for program in (*self._programs.values(), *self._rims.values()):
            uniforms = program.GetVertexCustomUniforms()
            if len(values) == 1:
                uniforms.SetUniformf(name, values[0])
            else:
                getattr(uniforms, f"SetUniform{len(values)}f")(name, values)


def packed_colors(colors: Bytes) -> Float32:
    """(N,) float32, the three bytes of each (N, 4) uint8 RGBA as one whole number, -1 where alpha is 0.

    A float is what VTK hands to the graphics card as it is; of bytes it would make four floats each.
    """
    packed = np.empty(len(colors), dtype=np.float32)
    for start in range(0, len(colors), _PACKED):
        part = colors[start : start + _PACKED]
        whole = part[:, 0].astype(np.int32) << 16 | part[:, 1].astype(np.int32) << 8 | part[:, 2]
        packed[start : start + _PACKED] = np.where(part[:, 3] > 0, whole, -1)
    return packed


class _Table:
    """Colours as a texture whose texels are fetched one by one."""

    def __init__(self) -> None:
        self._image = vtkImageData()
        self.texture = vtkTexture()
        self.texture.SetInputData(self._image)
        self.texture.SetColorModeToDirectScalars()
        self.texture.InterpolateOff()
        self.texture.RepeatOff()

    def fill(self, texels: Bytes, *, width: int) -> None:
        self._image.SetDimensions(width, len(texels) // width, 1)
        self._image.GetPointData().SetScalars(numpy_to_vtk(texels, deep=1))
        self._image.Modified()


def _program(mode: PointMode, *, cutting: bool, rim: bool = False) -> vtkShaderProperty:
    """Whole shaders of our own: the parts that VTK would put in for lines and surfaces take time and do nothing."""
    program = vtkOpenGLShaderProperty()
    code = _VERTEX.replace("%DECLARATIONS%", _DECLARATIONS[mode]).replace("%COLOR%", _COLORS[mode])
    code = code.replace("%CUTS%", _CUTS if cutting else "").replace("%RIM%", _RIM if rim else "")
    program.SetVertexShaderCode(code)
    program.SetFragmentShaderCode(_FRAGMENT)
    return program
