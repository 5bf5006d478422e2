from .demo import Demo as Demo, DemoRun as DemoRun, run_demo as run_demo
from .paid_rounds import expected_key as expected_key, rounds_paid as rounds_paid
from .resource_ledger import ResourceEntry as ResourceEntry, ResourceLedger as ResourceLedger
from .run_files import claim_folder as claim_folder, write_run as write_run
from .way_picture import draw_way as draw_way
