"""`Limits`: what one call in a sandbox may use."""

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """The limits of one call. Every one is enforced outside the code that it limits.

    A call that runs into one ends with the status that names it: `timeout` (wall), `cpu`, `memory`, `output_limit`. The
    others make the offending operation fail inside (a full disk, no more processes or files), as on any machine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_s: float = Field(10.0, gt=0, le=3600, description="wall-clock time, in seconds, by the supervisor's clock")
    cpu_s: float = Field(10.0, gt=0, le=3600, description="CPU time of each process, in seconds (rounded up)")
    memory_mb: int = Field(256, ge=16, le=65536, description="address space of each process, in MB of 2**20 bytes")
    processes: int = Field(32, ge=1, le=4096, description="processes and threads at a time")
    file_mb: int = Field(16, ge=0, le=65536, description="largest file that may be written, in MB")
    open_files: int = Field(64, ge=8, le=4096, description="open files of each process")
    output_kb: int = Field(
        1024, ge=1, le=65536, description="bytes kept of stdout, and of stderr, in kB of 2**10 bytes"
    )
    result_kb: int = Field(1024, ge=1, le=65536, description="bytes that may be written to the result channel, in kB")
    files_out_kb: int = Field(4096, ge=1, le=262144, description="bytes of all files fetched after the call, in kB")
