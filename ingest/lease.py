"""A lock for object stores: one object that says who holds the output, written by condition only.

    free        no object, or an empty one                -> taken by creating or replacing it
    held        it names its holder                       -> the holder replaces it every few seconds
    left over   not replaced for LEASE_SECONDS            -> taken by replacing it

Each write names the version it replaces, and the store refuses it when another came first. So of two that take a
lease at once one gets it, and a holder that was away for too long finds out before it makes anything visible. The age
of the object is told by the store's clock and this machine's; should they differ, a lease may be taken from a holder
that is alive, which then stops.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from ingest.errors import StoreError, UsageError
from ingest.filesystem import Place, reason_of
from ingest.lock import LOCK, Hold, Holder, busy, make_holder

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore

LEASE_SECONDS = 60.0
RENEW_SECONDS = 15.0
POLL_SECONDS = 1.0


class Note(msgspec.Struct, frozen=True):
    """What stands in the lock's object. `renewals` makes each version another one."""

    holder: Holder
    renewals: int = 0


@contextmanager
def lease_prefix(out: Place, wait: float) -> Iterator[Hold]:
    """The lease of a dataset in an object store. Raises as `ingest.lock.hold` does."""
    lease = Lease(_open_store(out), (out / LOCK).path.partition("/")[2], out)
    lease.acquire(wait)
    ended = Event()
    heart = Thread(target=lease.beat, args=(ended,), daemon=True)
    heart.start()
    try:
        yield Hold(out, lease.note.holder, lease.check)
    finally:
        ended.set()
        heart.join()
        lease.release()


class Lease:
    """The lock's object, and which version of it is this process's."""

    def __init__(self, store: ObjectStore, key: str, out: Place) -> None:
        self.store = store
        self.key = key
        self.out = out
        self.note = Note(make_holder())
        self.version: UpdateVersion = {}
        self.renewed = (0.0, 0.0)
        self.lost = False
        self.writing = Lock()

    def acquire(self, wait: float) -> None:
        """Raises `BusyError` when `wait` seconds have passed."""
        deadline = time.monotonic() + wait
        while other := self._take():
            left = deadline - time.monotonic()
            if left <= 0:
                raise busy(self.out, other)
            time.sleep(min(POLL_SECONDS, left))
        self._test_the_store()

    def check(self) -> None:
        """Raises `StoreError` if the lease is another's. Asks the store only if the last renewal was long ago."""
        with self.writing:
            if not self.lost and self._age() > LEASE_SECONDS / 2:
                self._renew()
            if self.lost:
                raise StoreError(
                    f"Cannot write to {self.out}: this run was away for too long, and another took over."
                    " What is finished is kept."
                )

    def beat(self, ended: Event) -> None:
        """Renew the lease until the end."""
        while not ended.wait(RENEW_SECONDS):
            with self.writing, suppress(StoreError):  # no answer now may be one in a while; `check` decides
                if not self.lost:
                    self._renew()

    def release(self) -> None:
        with suppress(StoreError):
            self.check()
            self._write(b"", self.version)

    def _take(self) -> Holder | None:
        """Take the lease if it is free; else its holder."""
        self.note = Note(make_holder())
        content = msgspec.json.encode(self.note)
        if self._write(content, "create"):
            return None
        current, age, version = self._read()
        note = _read_note(current)
        if note and note != self.note and age < LEASE_SECONDS:
            return note.holder
        # free or left over; or it was written by the request that seemed to fail; or deleted meanwhile
        return None if self._write(content, version or "create") else self._take()

    def _renew(self) -> None:
        self.note = Note(self.note.holder, self.note.renewals + 1)
        content = msgspec.json.encode(self.note)
        if self._write(content, self.version):
            return
        current, _, version = self._read()
        note = _read_note(current)  # still this one's after a request that seemed to fail
        self.lost = not (note and note.holder == self.note.holder and self._write(content, version))

    def _age(self) -> float:
        """Seconds since the last renewal, by the clock that says more: one stands still while a machine sleeps."""
        monotonic, wall = self.renewed
        return max(time.monotonic() - monotonic, abs(time.time() - wall))

    def _write(self, content: bytes, mode: Any) -> bool:
        """Whether the object was written: not if it is another version than the one to replace."""
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

        began = time.monotonic(), time.time()
        try:
            written = self.store.put(self.key, content, mode=mode)
        except (AlreadyExistsError, PreconditionError, FileNotFoundError):
            return False
        except (BaseError, OSError) as error:
            raise _cannot_hold(self.out, error) from error
        self.version = _version_of(written)
        self.renewed = began
        return True

    def _read(self) -> tuple[bytes, float, UpdateVersion]:
        """What is there, its age in seconds, and its version; no version if nothing is."""
        from obstore.exceptions import BaseError

        try:
            answer = self.store.get(self.key)
            content = bytes(answer.bytes())
        except FileNotFoundError:
            return b"", 0.0, {}
        except (BaseError, OSError) as error:
            raise _cannot_hold(self.out, error) from error
        age = (datetime.now(UTC) - answer.meta["last_modified"]).total_seconds()
        return content, age, _version_of(answer.meta)

    def _test_the_store(self) -> None:
        """Some stores write whatever the condition; then nothing is locked."""
        mine = self.version
        if self._write(msgspec.json.encode(self.note), "create") or self._write(
            b"", {"e_tag": '"0"', "version": "0"}
        ):
            raise UsageError(
                f"Cannot use {self.out} as an output: its store does not heed If-None-Match and If-Match, so that two"
                " runs could write there at once."
            )
        self.version = mine


def _version_of(described: Mapping[str, Any]) -> UpdateVersion:
    """The version's names, those that this store has."""
    names: UpdateVersion = {}
    if e_tag := described["e_tag"]:
        names["e_tag"] = e_tag
    if version := described["version"]:
        names["version"] = version
    return names


def _read_note(content: bytes) -> Note | None:
    try:
        return msgspec.json.decode(content, type=Note)
    except msgspec.DecodeError:
        return None


def _cannot_hold(out: Place, error: Exception) -> StoreError:
    return StoreError(f"Cannot write to {out}: {reason_of(error)}. What is finished is kept.")


def _open_store(out: Place) -> ObjectStore:
    """The bucket, opened as pyarrow opens it: with the URI's options, else by the environment."""
    try:
        from obstore import store
    except ImportError:
        raise UsageError(
            f"Writing to {out} needs one more library, so that no two runs mix: pip install 'ingest[object-store]'"
        ) from None
    uri = urlsplit(out.bucket)
    options = dict(parse_qsl(uri.query))
    endpoint = options.get("endpoint_override")
    if endpoint and "://" not in endpoint:
        endpoint = f"{options.get('scheme', 'https')}://{endpoint}"
    bucket = uri.netloc.rpartition("@")[2]
    shared: dict[str, Any] = {
        "client_options": {"allow_http": True, "timeout": timedelta(seconds=LEASE_SECONDS / 6)},
        "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=LEASE_SECONDS / 3)},
    }
    config: Any = {}
    if uri.scheme == "gs":
        if endpoint:
            config["base_url"] = endpoint
        if uri.username == "anonymous":  # the option of that name is not heeded by what writes
            shared["credential_provider"] = lambda: {"token": "", "expires_at": None}
        return store.GCSStore(bucket, config=config, **shared)
    if endpoint:
        config["endpoint"] = endpoint
    if region := options.get("region") or _region(out):
        config["region"] = region
    if uri.username:
        config |= {"access_key_id": unquote(uri.username), "secret_access_key": unquote(uri.password or "")}
    return store.S3Store(
        bucket,
        config=config,
        credential_provider=None if uri.username else _credentials(),
        **shared,
    )


def _region(out: Place) -> str | None:
    """The bucket's region as pyarrow has found it."""
    return getattr(out.filesystem, "region", None)


def _credentials() -> Any:
    """Those of AWS's own tools, with their profiles, where boto3 is there; else obstore looks by itself."""
    try:
        from obstore.auth.boto3 import Boto3CredentialProvider

        return Boto3CredentialProvider()
    except (ImportError, ValueError):  # no boto3, or it has found nothing
        return None
