"""Telephones, and what each of them does with the examples.

A telephone is a class: Telephone(world, user, proxy, transport, contacts, watch), which registers at
the port `proxy` and subscribes to its contacts if it is to watch them, with

    dial(uri), answer(), hang_up()              what its user does
    rings(), established(), ended()             what becomes of the call
    message(text), reads(text)                  a MESSAGE to its first contact, and one for it
    sees(basic)                                 "open" or "closed" of its first contact
"""

from baresip import Baresip
from cases import expect
from linphone import Linphone

telephones = [(telephone, transport) for telephone in (Baresip, Linphone) for transport in ("udp", "tcp")]


def calls(telephone, uri, server):
    """It calls user_agent_server there, and hangs up."""
    telephone.dial(uri)
    telephone.established()
    server.line("^a call from ")
    telephone.hang_up()
    telephone.ended()
    server.line("^the call has ended")


def is_called(run, telephone, uri):
    """user_agent_client calls it there, and hangs up."""
    client = run.ours.client(uri, 1)
    telephone.rings()
    telephone.answer()
    telephone.established()
    expect(client.wait(), 0, "exit code of user_agent_client")
    telephone.ended()


def is_watched(run, baresip, uri):
    """presence_watcher subscribes to it there, and sees it come and go."""
    watcher = run.ours.watcher(uri)
    watcher.line("^active")
    for command, basic in (("presence_online", "open"), ("presence_offline", "closed")):
        since = watcher.now()
        baresip.do(command)
        watcher.line(f"<basic>{basic}</basic>", since)
    expect(watcher.end(), 0, "exit code of presence_watcher")
