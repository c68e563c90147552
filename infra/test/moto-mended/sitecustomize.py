# Read by Python before moto starts (infra/test/moto.ts). In moto 5.2, whoever deletes the last version of an
# object that has delete markers is answered 500, so that no bucket that held locks could ever be deleted.
from moto.s3.models import FakeDeleteMarker

if not hasattr(FakeDeleteMarker, "dispose"):
    FakeDeleteMarker.dispose = lambda self, garbage=False: None
