"""The points of one frame, drawn in chunks that share one array of coordinates on the graphics card.

Nothing of size N is made when colours, ranges or cuts change; see point_shader. Any number of chunks is an even sample
of the cloud (drawing_order), so a part of them can be drawn while the camera moves and the rest afterwards.
"""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDataArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkProperty, vtkRenderer

from app.domain.arrays import Bytes, Float32, Integers
from app.domain.cuts import Cuts
from app.domain.legend import Rgb
from app.scene.drawing_order import chunk_bounds
from app.scene.point_shader import COLOR, ROW, VALUE, PointMode, PointShader, packed_colors
from app.scene.prepared import PreparedCloud

CELL = 1024  # points of one cell: VTK keeps a copy of the largest in eight bytes a point


class CloudLayer:
    """Draws one cloud at a time; the actors stay and are given other data."""

    def __init__(self, renderer: vtkRenderer, *, unlabelled: Rgb = (180, 190, 204)) -> None:
        self._renderer = renderer
        self._appearance = vtkProperty()
        self._appearance.LightingOff()
        self.shader = PointShader(self._appearance)
        self._chunks: list[_Chunk] = []
        self._kept, self._rims = self._new_chunk(), self._new_chunk()
        self._points = vtkPoints()
        self._carried: dict[str, vtkDataArray] = {}
        self._mode = PointMode.TABLE
        self._prepared: PreparedCloud | None = None
        self._colors: Bytes = np.zeros((0, 4), dtype=np.uint8)
        self._unlabelled = unlabelled
        self._cuts: Cuts | None = None
        self.uploaded = True  # False until all chunks were drawn once: before, drawing also means uploading

    @property
    def prepared(self) -> PreparedCloud | None:
        """The cloud on screen."""
        return self._prepared

    @property
    def mode(self) -> PointMode:
        """What decides the colours."""
        return self._mode

    @property
    def color_table(self) -> Bytes:
        """(K, 4) uint8 RGBA in use; one row without a mask."""
        return self._colors

    @property
    def cuts(self) -> Cuts | None:
        """What is left out of the space."""
        return self._cuts

    @property
    def chunk_sizes(self) -> tuple[int, ...]:
        """Points of every chunk, in drawing order."""
        return tuple(chunk.points for chunk in self._chunks if chunk.points)

    @property
    def kept_points(self) -> int:
        """How many points every picture shows."""
        return self._kept.points

    def set_cloud(self, prepared: PreparedCloud, colors: Bytes) -> None:
        """Draw ``prepared`` in ``colors`` (K, 4) uint8 RGBA, one row per label key; none are needed without a mask.

        Arrays are shared, not copied. Numbers and colours of the points are those of another cloud and go.
        """
        self._prepared = prepared
        self._points = vtkPoints()
        self._points.SetData(numpy_to_vtk(prepared.xyz))
        rows = prepared.label_index
        self._carried = {} if rows is None else {ROW: _shared(ROW, rows)}
        self._mode = PointMode.TABLE
        bounds = [(begin, end) for begin, end in chunk_bounds(len(prepared)) if end > begin]
        while len(self._chunks) < len(bounds):
            self._chunks.append(self._new_chunk())
        for chunk in self._chunks[len(bounds) :]:
            chunk.clear()
        for chunk, (begin, end) in zip(self._chunks, bounds, strict=False):
            self._fill(chunk, prepared.order[begin:end])
        self.set_kept(None)
        self.set_color_table(colors)
        self.shader.set_cuts(self._cuts, prepared.spread)  # around another ego, over another ground

    def set_color_table(self, colors: Bytes) -> None:
        """Recolour the cloud on screen. Raises ValueError unless there is one row per label key."""
        if self._prepared is None:
            return
        expected = len(self._prepared.label_keys)
        if len(colors) != expected:
            raise ValueError(f"{len(colors)} colours for {expected} label keys")
        self._colors = colors if expected else np.array([(*self._unlabelled, 255)], dtype=np.uint8)
        self.shader.set_table(self._colors)

    def set_values(self, values: Float32) -> None:
        """Colour by ``values`` (N,) float32 in file order, through the ramp of the shader; NaN has no colour."""
        self._carry(VALUE, PointMode.VALUE, np.ascontiguousarray(values, dtype=np.float32))

    def set_point_colors(self, colors: Bytes) -> None:
        """Colour by ``colors`` (N, 4) uint8 RGBA in file order; alpha 0 has no colour."""
        self._carry(COLOR, PointMode.COLOR, packed_colors(colors))

    def use_table(self) -> None:
        """Colour by the table again, and let go of numbers and colours of the points."""
        self._change_mode(PointMode.TABLE)

    def set_kept(self, indices: Integers | None) -> None:
        """Points (n,) int32, positions in the file, that every picture shows with a rim, however thinly the rest is
        drawn."""
        for chunk in (self._kept, self._rims):
            if self._prepared is None or indices is None or not len(indices):
                chunk.clear()
            else:
                self._fill(chunk, np.ascontiguousarray(indices, dtype=np.int32))

    def set_cuts(self, cuts: Cuts | None) -> None:
        """Leave out a part of the space."""
        self._cuts = cuts
        self.shader.set_cuts(cuts, self._prepared.spread if self._prepared is not None else None)
        self._dress_all()

    def set_unlabelled(self, color: Rgb) -> None:
        """Change the colour of clouds without a mask."""
        self._unlabelled = color
        if self._prepared is not None and not self._prepared.label_keys:
            self.set_color_table(np.zeros((0, 4), dtype=np.uint8))

    def choose(self, begin: int, end: int, *, kept: bool) -> None:
        """Draw the chunks from ``begin`` up to ``end`` and no others; ``kept`` points as well or not."""
        for index, chunk in enumerate(self._chunks):
            chunk.actor.SetVisibility(begin <= index < end and chunk.points > 0)
        for chunk in (self._kept, self._rims):
            chunk.actor.SetVisibility(kept and chunk.points > 0)

    def clear(self) -> None:
        """Draw nothing and let go of the arrays."""
        self._prepared, self._carried, self._points = None, {}, vtkPoints()
        for chunk in (*self._chunks, self._kept, self._rims):
            chunk.clear()

    def _carry(self, name: str, mode: PointMode, values: Float32) -> None:
        if self._prepared is None:
            return
        if len(values) != self._prepared.total:
            raise ValueError(f"{len(values)} values for {self._prepared.total} points")
        self._carried[name] = _shared(name, values)
        self.uploaded = False
        self._change_mode(mode)

    def _change_mode(self, mode: PointMode) -> None:
        self._mode = mode
        unused = {VALUE, COLOR} - {{PointMode.VALUE: VALUE, PointMode.COLOR: COLOR}.get(mode, "")}
        for name in unused:
            self._carried.pop(name, None)
        self._dress_all()

    def _dress_all(self) -> None:
        for chunk in (*self._chunks, self._kept, self._rims):
            if chunk.points:
                self._dress(chunk)

    def _new_chunk(self) -> "_Chunk":
        chunk = _Chunk(self._appearance)
        self._renderer.AddActor(chunk.actor)
        return chunk

    def _fill(self, chunk: "_Chunk", indices: Integers) -> None:
        chunk.fill(self._points, indices)
        self.uploaded = False
        self._dress(chunk)

    def _dress(self, chunk: "_Chunk") -> None:
        chunk.carry(self._carried)
        program = self.shader.rim_program if chunk is self._rims else self.shader.program(self._mode)
        if chunk.actor.GetShaderProperty() is not program:
            program.Modified()  # one made before the chunk was drawn would be taken for the one in use
            chunk.actor.SetShaderProperty(program)


class _Chunk:
    """One actor over some points of the shared coordinates."""

    def __init__(self, appearance: vtkProperty) -> None:
        self.points = 0
        self._data = vtkPolyData()
        self._mapper = vtkPolyDataMapper()
        self._mapper.SetInputData(self._data)
        self._mapper.ScalarVisibilityOff()
        # coordinates are relative to the cloud's origin already; scaling them to the bounds, as is the default, would
        # let one point at 1e30 m collapse all others into one
        self._mapper.SetVBOShiftScaleMethod(0)
        self._mapped: frozenset[str] = frozenset()
        self._held: dict[str, vtkDataArray] = {}
        self.actor = vtkActor()
        self.actor.SetMapper(self._mapper)
        self.actor.SetProperty(appearance)
        self.actor.ForceOpaqueOn()  # no blending, no sorting
        self.actor.UseBoundsOff()  # one stray point must not decide what the camera can see
        self.actor.PickableOff()
        self.actor.VisibilityOff()

    def fill(self, points: vtkPoints, indices: Integers) -> None:
        self.points = len(indices)
        self._data.Initialize()
        self._held = {}
        self._data.SetPoints(points)
        cells = vtkCellArray()
        offsets = np.append(np.arange(0, len(indices), CELL, dtype=np.int32), np.int32(len(indices)))
        cells.SetData(numpy_to_vtk(offsets, deep=1), numpy_to_vtk(indices))
        self._data.SetVerts(cells)

    def carry(self, arrays: dict[str, vtkDataArray]) -> None:
        """Give the shader these arrays and no others."""
        if _same(self._held, arrays):
            return  # another array would have VTK build its buffers anew
        self._held = dict(arrays)
        attached = self._data.GetPointData()
        attached.Initialize()
        for array in arrays.values():
            attached.AddArray(array)
        for name in self._mapped - arrays.keys():
            self._mapper.RemoveVertexAttributeMapping(name)
        for name in arrays.keys() - self._mapped:
            self._mapper.MapDataArrayToVertexAttribute(name, name, vtkDataObject.FIELD_ASSOCIATION_POINTS, -1)
        self._mapped = frozenset(arrays)

    def clear(self) -> None:
        self.points, self._held = 0, {}
        self._data.Initialize()
        self.actor.VisibilityOff()


def _same(held: dict[str, vtkDataArray], arrays: dict[str, vtkDataArray]) -> bool:
    """Whether these are the very same arrays: ``==`` of VTK's arrays compares number by number, and is always true."""
    return held.keys() == arrays.keys() and all(held[name] is array for name, array in arrays.items())


def _shared(name: str, values: Float32) -> vtkDataArray:
    array: vtkDataArray = numpy_to_vtk(values)
    array.SetName(name)
    return array
