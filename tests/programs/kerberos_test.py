#!/usr/bin/python3
"""Kerberos that does not work, as whoever runs a server meets it: each cause is made for real, and
the log, kithctl status and kithctl doctor name it.

  kerberos_test.py --kithd PATH --kithctl PATH --kith PATH

Prints a line a case and `N passed, N failed`; ends with 0 when all passed. Needs krb5-kdc,
krb5-admin-server and krb5-user; everything lives in a temporary folder and on the loopback.
"""

import shutil
import struct
import subprocess
import sys

import programs_test as programs
from programs_test import alice, check, contains, domain, host, kdc

minutes_off = 20
password = "through the looking-glass"


def shift_clock(ccache, seconds):
    """Has whoever uses the credential cache believe that its clock is off by so much: the file
    format keeps the difference to the KDC's clock, in a field of its header."""
    data = ccache.read_bytes()
    version, length = struct.unpack(">HH", data[:4])
    check(version == 0x0504, f"a credential cache of another format: {version:#x}")
    header = struct.pack(">HHii", 1, 8, seconds, 0)
    ccache.write_bytes(struct.pack(">HH", version, len(header)) + header + data[4 + length :])


def login(world, ccache, *more, code):
    port = world.server.listeners()["tcp"]
    done = subprocess.run(
        [world.options.kith, "--server", f"127.0.0.1:{port}", "--user", alice, "--kerberos",
         *more, "login"],
        env={**world.environment(), "KRB5CCNAME": f"FILE:{ccache}"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    check(done.returncode == code, f"kith login ended with {done.returncode}: {said}")
    return said


def refused(world, kind):
    """What the server counted of this kind."""
    told = world.json("status")["server"]["refused_tickets"]
    found = [each for each in told if each["kind"] == kind]
    check(len(found) == 1 and found[0]["count"] >= 1 and found[0]["remedy"], told)
    contains(world.kithctl("status"), "tickets ", f"({kind})")
    return found[0]


def restart(world):
    if world.server:
        check(world.server.end() == 0, "kithd did not end in order")
    world.server = world.start()


# ---- The cases, in order; each goes on where the one before it stopped.


def a_ticket_signs_in_and_the_trace_explains_its_signature(world):
    world.realm = kdc.Realm(world.folder / "realm")
    world.realm.start()
    world.realm.principal("alice", password)
    world.keytab = world.folder / "kith.keytab"
    world.realm.keytab(f"sip/{host}", world.keytab)
    world.kithctl(
        "init", "--domain", domain, "--listen", "127.0.0.1:0", "--keytab", str(world.keytab),
        "--data", str(world.data), "--control", str(world.control),
    )  # fmt: skip
    world.kithctl("user", "add", alice, "--principal", "alice@KITH.EXAMPLE")
    restart(world)
    world.ccache = world.folder / "alice.ccache"
    world.realm.ticket("alice", world.ccache, password)
    said = login(world, world.ccache, "--trace", code=0)
    contains(said, "signed in as", "Kerberos", "  = offers Kerberos", "  = signed: <Kerberos>",
             "a ticket for the server", "the signature is verified")  # fmt: skip
    check(not world.json("status")["server"]["refused_tickets"], "a good ticket was counted")
    check("failed" not in world.kithctl("doctor"), "doctor finds fault with a server that is well")


def a_ticket_of_somebody_without_an_account_is_named(world):
    world.realm.principal("zoe", password)
    ccache = world.folder / "zoe.ccache"
    world.realm.ticket("zoe", ccache, password)
    login(world, ccache, code=1)
    contains(refused(world, "no account")["detail"], "zoe@KITH.EXAMPLE")
    contains(world.kithctl("doctor"), "note    tickets", "zoe@KITH.EXAMPLE", "user principal add")
    contains(world.server.wait("has no account"), "peer=127.0.0.1:")


def a_clock_that_is_off_is_named(world):
    skewed = world.folder / "skewed.ccache"
    shutil.copy(world.ccache, skewed)
    # The ticket for the service is got while the clock is still right.
    kdc.run(["kvno", "-c", f"FILE:{skewed}", f"sip/{host}"], world.realm.env)
    shift_clock(skewed, minutes_off * 60)
    login(world, skewed, code=1)
    contains(refused(world, "clock skew")["detail"], f"sip/{host}", "NTP")
    contains(world.kithctl("doctor", code=1), "failed  tickets", "clock skew", "1 ticket was",
             "this server's clock is 20", "both run NTP")  # fmt: skip
    world.server.wait("clock skew")


def a_key_that_has_changed_is_named(world):
    world.realm.keytab(f"sip/{host}", world.folder / "newer.keytab")
    fresh = world.folder / "fresh.ccache"
    world.realm.ticket("alice", fresh, password)
    login(world, fresh, code=1)
    refused(world, "wrong key")
    contains(world.kithctl("doctor", code=1), "(wrong key)", "export the keytab anew")
    world.server.wait("wrong key")


def a_keytab_that_went_away_is_named(world):
    world.keytab.rename(world.folder / "away.keytab")
    login(world, world.ccache, code=1)
    contains(refused(world, "no keytab")["detail"], str(world.keytab))
    contains(world.kithctl("doctor", code=1), "(no keytab)", "failed  keytab", "ktadd")
    (world.folder / "newer.keytab").rename(world.keytab)


def a_principal_of_another_name_is_named(world):
    world.realm.keytab("sip/other.example.com", world.keytab)
    text = world.config.read_text()
    world.config.write_text(text.replace("principal = ''", "principal = 'sip/other.example.com'"))
    restart(world)
    fresh = world.folder / "fresh.ccache"
    login(world, fresh, code=1)
    told = world.json("status")["server"]["refused_tickets"]
    check([each["kind"] for each in told] == ["wrong principal"], told)
    contains(world.kithctl("doctor", code=1), "(wrong principal)", "failed  principal")
    world.config.write_text(text)


def a_keytab_of_another_service_is_refused_at_the_start(world):
    check(world.server.end() == 0, "kithd did not end in order")
    good = world.folder / "good.keytab"
    shutil.copy(world.keytab, good)
    world.keytab.unlink()
    world.realm.keytab("http/www.example.com", world.keytab)
    contains(world.kithd(code=3), str(world.keytab), f"sip/{host}", "http/www.example.com")
    shutil.copy(good, world.keytab)


story = [
    a_ticket_signs_in_and_the_trace_explains_its_signature,
    a_ticket_of_somebody_without_an_account_is_named,
    a_clock_that_is_off_is_named,
    a_key_that_has_changed_is_named,
    a_keytab_that_went_away_is_named,
    a_principal_of_another_name_is_named,
    a_keytab_of_another_service_is_refused_at_the_start,
]


if __name__ == "__main__":
    sys.exit(programs.main(story, __doc__))
