-- The live projector touches its checkpoint first in every transaction: it waits here until the swap is over.
LOCK TABLE carnival.checkpoint IN ACCESS EXCLUSIVE MODE;
