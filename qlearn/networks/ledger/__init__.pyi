from .append_only import Ledger as Ledger, LogFile as LogFile, read_log as read_log
from .consensus import (
    behaviours as behaviours,
    oral_messages as oral_messages,
    signed_messages as signed_messages,
    violations as violations,
)
from .entries import read_entry as read_entry, record_round as record_round, record_update as record_update
from .merkle_tree import MerkleTree as MerkleTree, leaf_hash as leaf_hash, merkle_root as merkle_root
from .proofs import (
    consistency_proof as consistency_proof,
    inclusion_proof as inclusion_proof,
    verify_consistency as verify_consistency,
    verify_inclusion as verify_inclusion,
)
from .reader import Reader as Reader, compare_heads as compare_heads
from .signed_root import (
    LedgerRefused as LedgerRefused,
    RootSigner as RootSigner,
    SignedRoot as SignedRoot,
    verify_root as verify_root,
)
