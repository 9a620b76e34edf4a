"""Takes NIST's PKITS certificates and CRLs out of the wheel in the folder given, and removes the wheel."""
import pathlib
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
(wheel,) = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        path = pathlib.PurePosixPath(name)
        if path.parent.parent.name == "PKITS_data" and path.parent.name in ("certs", "crls"):
            target = folder / path.parent.name / path.name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(archive.read(name))
wheel.unlink()
