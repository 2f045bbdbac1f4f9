"""In which worlds the model is checked, what must hold in them and what must not, and the guards that are taken out.

Where a world has properties that hold, it has to lack all others. A counterexample is told by what has to happen in it:
regular expressions for steps, in their order.
"""

from checker import Variant

ALL = ("tuple", "holder", "connection_of_signer", "address_of_signer", "fresh", "once", "login", "own_session",
       "destination", "source", "mail_of_signer", "ascribed", "served")


def but(*names: str) -> tuple[str, ...]:
    return tuple(name for name in ALL if name not in names)


# What anybody breaks who has the signer's end point and a credential of it that was not used.
OF_SIGNER_ALONE = ("connection_of_signer", "login", "mail_of_signer", "served")

HOSTILE = {"PATH": "AWAY", "OTHER": "HOSTILE", "CHALLENGE": 1, "ATTACKERS": 1}
NEIGHBOR = {"NAT": "SHARED_NAT", "CHALLENGE": 1}
ON_PATH = {"PATH": "CHANGES", "ATTACKERS": 1}
ONE_PORT = NEIGHBOR | {"PORTS": 1}

SIGNS = r"signer: signature 0 is for the_verifier"
KNOWS = r"attacker: knows signature 0"
PASSES = r"verifier: pass for signer_domain on connection 0, signature 0"
ENDS = r"signer: connection 0 ends"
ATTACKER_PASSES = r"verifier: pass for signer_domain on connection 1, signature 0"
REPLAY = (SIGNS, PASSES, ENDS, r"attacker: connection 1 to the_verifier from of_nat:1", ATTACKER_PASSES)

WORLDS = (
    Variant("reader",
            "The attacker reads all that passes, and connects from its own address. The signer connects to two honest "
            "destinations.",
            {"SIGNERS": 2, "ATTACKERS": 1, "OTHER": "HONEST"}, ALL),
    Variant("busy-reader", "The same with two connections of the attacker.", {}, ALL),
    Variant("hostile-destination", "The signer connects to a host of the attacker, too.",
            {"PATH": "AWAY", "OTHER": "HOSTILE", "SIGNERS": 2, "ATTACKERS": 1}, ALL),
    Variant("hostile-challenge", "And it takes its source and time from the challenge.", HOSTILE, but("source"), {
        "source": (r"signer: connection 0 to the_other from of_signer:1",
                   r"attacker: the challenge .* source of_signer:2",
                   r"signer: signature 0 is for the_other from of_signer:2"),
    }),
    Variant("nat", "The signer is behind address translation and does not ask for the challenge.",
            {"NAT": "OWN_NAT", "ATTACKERS": 1}, but("source", "served"), {
                "source": (r"from inside_nat:1, seen as of_nat:1",
                           r"signature 0 is for the_verifier from inside_nat:1"),
                "served": (r"signature 0 is for the_verifier from inside_nat:1",
                           r"verifier: reply_535 on connection 0"),
            }, signer_passes=False),
    Variant("nat-challenge", "It asks for it.", NEIGHBOR | {"NAT": "OWN_NAT", "SIGNERS": 2, "ATTACKERS": 1, "PORTS": 1},
            but("served"), {
                "served": (PASSES, ENDS, r"signer: connection 1 .* seen as of_nat:1",
                           r"verifier: reply_535 on connection 1"),
            }),
    Variant("neighbor", "The attacker reads, and is behind the same address translation.",
            NEIGHBOR, but(*OF_SIGNER_ALONE), {
                "mail_of_signer": (SIGNS, KNOWS, ENDS, r"attacker: connection 1 to the_verifier from of_nat:1",
                                   ATTACKER_PASSES,
                                   r"the_attacker: mail on connection 1, for which signer_domain answers"),
            }),
    Variant("neighbor-tls", "The same, with TLS between signer and verifier, so that it reads nothing.",
            NEIGHBOR | {"TLS": "UNCHECKED"}, ALL),
    Variant("neighbor-untied", "A neighbor, and an MTA that does not say which of its connections an AUTH comes from.",
            NEIGHBOR | {"TIE": 0, "ATTACKERS": 1},
            ("tuple", "holder", "address_of_signer", "fresh", "once", "destination"), {
                "own_session": (r"attacker: connection 1 to the_verifier from of_nat:2", r"own for of_nat:1",
                                r"verifier: AUTH on connection 1",
                                r"verifier: pass for attacker_domain on connection 0"),
                "login": (SIGNS, KNOWS, r"attacker: connection 1 to the_verifier from of_nat:2",
                          r"verifier: AUTH on connection 1: signature 0, d=signer_domain", PASSES),
                "ascribed": (r"attacker: signature 1 of its own for of_nat:1",
                             r"verifier: AUTH on connection 1: signature 1, d=attacker_domain",
                             r"verifier: pass for attacker_domain on connection 0",
                             r"the_signer: mail on connection 0, for which attacker_domain answers"),
            }),
    Variant("plugin", "A neighbor, and an MTA that names both ends, of connections that the milter does not know.",
            NEIGHBOR | {"SESSIONS": 0}, but(*OF_SIGNER_ALONE)),
    Variant("on-path", "The attacker can change what passes. No TLS.", ON_PATH,
            but(*OF_SIGNER_ALONE, "ascribed"), {
                "mail_of_signer": (r"signer: connection 0 .* ends at the_verifier", SIGNS, PASSES,
                                   r"the_attacker: mail on connection 0, for which signer_domain answers"),
                "connection_of_signer": (r"signer: connection 0 to the_verifier .* ends at the_attacker", SIGNS,
                                         r"attacker: connection 1 to the_verifier from of_signer:1", ATTACKER_PASSES),
                "ascribed": (r"attacker: writes on connection 0", r"verifier: pass for attacker_domain on connection 0",
                             r"the_signer: mail on connection 0, for which attacker_domain answers"),
            }),
    Variant("on-path-challenge", "And the signer uses the challenge.",
            ON_PATH | {"CHALLENGE": 1, "PORTS": 1, "LAST": 4},
            ("tuple", "holder", "fresh", "once", "own_session", "destination"), {
                "address_of_signer": (r"attacker: the challenge .* source of_attacker:1",
                                      r"signer: signature 0 is for the_verifier from of_attacker:1",
                                      r"attacker: connection 1 to the_verifier from of_attacker:1", ATTACKER_PASSES),
            }),
    Variant("on-path-tls",
            "The attacker can change what passes. TLS, and the signer does not look at who the server is.",
            ON_PATH | {"TLS": "UNCHECKED"}, but("connection_of_signer", "login", "mail_of_signer"), {
                "mail_of_signer": (r"signer: connection 0 to the_verifier .* ends at the_attacker",
                                   r"signer: STARTTLS on connection 0", KNOWS, ATTACKER_PASSES,
                                   r"the_attacker: mail on connection 1, for which signer_domain answers"),
            }),
    Variant("on-path-tls-checked", "TLS, and it looks. It uses the challenge.",
            ON_PATH | {"TLS": "CHECKED", "CHALLENGE": 1}, ALL),
    Variant("restart", "A neighbor, and a verifier that is restarted.", NEIGHBOR | {"RESTARTS": 1, "ATTACKERS": 1},
            but(*OF_SIGNER_ALONE, "source", "once"), {
                "once": (SIGNS, PASSES, r"verifier: tecs-milter is restarted", ENDS, ATTACKER_PASSES),
            }),
    Variant("restart-reader", "The same, and the attacker has an address of its own.",
            {"RESTARTS": 1, "ATTACKERS": 1}, ALL),
    Variant("two-receivers", "A neighbor, and two receivers behind one address that do not know of each other.",
            NEIGHBOR | {"RECEIVERS": 2, "ATTACKERS": 1}, but(*OF_SIGNER_ALONE, "once"), {"once": REPLAY}),
    Variant("same-key", "A neighbor, and the attacker's domain publishes the signer's key.",
            NEIGHBOR | {"KEY_IN_DNS_OF_ATTACKER": "signer_key"}, but(*OF_SIGNER_ALONE, "holder"), {
                "holder": (SIGNS, KNOWS, r"verifier: AUTH on connection \d: signature 0, d=attacker_domain",
                           r"verifier: pass for attacker_domain on connection \d, signature 0"),
            }),
    Variant("same-address", "The hostile destination and the verifier have one (private) address in two networks.",
            HOSTILE | {"SAME_DESTINATION_ADDRESS": 1},
            but("connection_of_signer", "address_of_signer", "login", "source", "mail_of_signer"), {
                "connection_of_signer": (r"signer: signature 0 is for the_other from of_attacker:1",
                                         r"attacker: connection 1 to the_verifier from of_attacker:1", ATTACKER_PASSES),
            }),
    Variant("clock", "A neighbor, and a verifier whose clock jumps by three steps, either way, and back.",
            ONE_PORT | {"CLOCK_STEPS": 2, "START": 4, "LAST": 6}, but(*OF_SIGNER_ALONE, "fresh")),
    Variant("clock-stays", "Its clock is set back by four steps and stays so.",
            ONE_PORT | {"CLOCK_STEPS": 1, "CLOCK_JUMP": 4, "START": 5, "LAST": 10}, but(*OF_SIGNER_ALONE)),
    Variant("clock-far", "By six, which is more than the memory keeps what lies in the future.",
            ONE_PORT | {"CLOCK_STEPS": 1, "CLOCK_JUMP": 6, "START": 7, "LAST": 13}, (), {
                "once": (SIGNS + ".* epoch 7", r"clock is set to epoch 1", PASSES, r"time: epoch 12",
                         r"verifier: pass for signer_domain on connection 2, signature 0"),
            }),
    Variant("full-memory", "A neighbor, and a memory that holds one signature.",
            NEIGHBOR | {"MEMORY": 1}, but(*OF_SIGNER_ALONE)),
    Variant("impatient-mta", "An MTA that gives up on an answer, so that the signer tries again.",
            {"GIVES_UP": 1}, ALL),
)


def without(name: str, why: str, world: str, guards: dict[str, int], broken: dict[str, tuple[str, ...]]) -> Variant:
    """A guard is taken out of a world in which the properties that it breaks do hold."""
    (base,) = (variant for variant in WORLDS if variant.name == world)
    if not set(broken) <= set(base.holds):
        raise ValueError(f"{name}: {world} does not have what it breaks")
    return Variant(name, why, base.settings | guards, broken=broken)


MUTANTS = (
    without("destination-not-signed", "The destination is not compared.", "hostile-challenge",
            {"WITHOUT_SIGNED_DESTINATION": 1}, {"tuple": (r"signer: signature 0 is for the_other", ATTACKER_PASSES)}),
    without("address-not-signed", "The source address is not compared.", "busy-reader", {"WITHOUT_SIGNED_ADDRESS": 1}, {
        "tuple": (r"attacker: connection 1 to the_verifier from of_attacker:1", r"own for of_signer:1",
                  r"verifier: pass"),
        "address_of_signer": (SIGNS, r"attacker: connection 1 to the_verifier from of_attacker:1", ATTACKER_PASSES),
    }),
    without("port-not-signed", "The source port is not compared.", "neighbor", {"WITHOUT_SIGNED_PORT": 1}, {
        "tuple": (r"attacker: connection 1 to the_verifier from of_nat:2", r"own for of_nat:1", r"verifier: pass"),
    }),
    without("time-not-compared", "The epoch is not compared.", "on-path", {"WITHOUT_WINDOW": 1}, {
        "tuple": (SIGNS + ".* epoch 1", r"time: epoch 3", PASSES),
        "fresh": (SIGNS + ".* epoch 1", r"time: epoch 3", PASSES),
    }),
    without("any-key", "The key need not be that of d=.", "busy-reader", {"WITHOUT_KEY_OF_DOMAIN": 1}, {
        "tuple": (r"attacker: signature 1 of its own", r"verifier: pass for signer_domain .* signature 1"),
        "holder": (r"attacker: signature 1 of its own", r"verifier: pass for signer_domain .* signature 1"),
    }),
    without("no-replay-memory", "Nothing is remembered.", "neighbor", {"WITHOUT_REPLAY_MEMORY": 1, "ATTACKERS": 1},
            {"once": REPLAY}),
    without("no-replay-memory-on-path", "The same, and the attacker is on the path.", "on-path",
            {"WITHOUT_REPLAY_MEMORY": 1}, {
                "once": (PASSES, ENDS, r"attacker: connection 1 to the_verifier from of_signer:1", ATTACKER_PASSES),
            }),
    without("two-steps", "To look and to record are two steps.", "plugin", {"WITHOUT_ONE_STEP": 1}, {
        "once": (r"AUTH on connection \d: signature (\d)", r"AUTH on connection \d: signature \d", r"verifier: pass",
                 r"verifier: pass"),
    }),
    without("own-session-is-replay", "A second try over the same connection counts as a replay.", "impatient-mta",
            {"WITHOUT_SAME_USER": 1}, {
                "served": (PASSES, r"the answer on connection 0 is lost", r"verifier: reply_535 on connection 0"),
            }),
    without("forgets-that-it-forgot", "The latest epoch of which something was forgotten is not remembered.",
            "neighbor", {"WITHOUT_FORGOTTEN_EPOCH": 1},
            {"once": (r"verifier: pass", r"time: epoch 3", r"verifier: pass", r"verifier: pass")}),
    without("forgets-early", "And each signature is forgotten a step too early.", "neighbor",
            {"FORGETS_EARLY": 1, "WITHOUT_FORGOTTEN_EPOCH": 1, "ATTACKERS": 1},
            {"once": (PASSES, ENDS, r"time: epoch 2", ATTACKER_PASSES)}),
    without("forgets-the-future", "What lies in the future is dropped at once.", "clock", {"WITHOUT_STEADY_CLOCK": 1},
            {"once": (r"clock is set to", r"verifier: pass", r"verifier: pass")}),
    without("drops-the-oldest", "A full memory drops the oldest signature.", "full-memory", {"DROPS_OLDEST": 1},
            {"once": (r"verifier: pass",) * 3}),
    without("passed-session-is-candidate", "Where nothing is certain, a session that has passed may pass again.",
            "neighbor-untied", {"PASSED_SESSION_IS_CANDIDATE": 1}, {
                "once": (r"AUTH on connection \d: signature 0", PASSES, r"AUTH on connection \d: signature 0", PASSES),
            }),
    without("destination-of-challenge", "The signer signs the destination that the challenge names.",
            "hostile-challenge", {"WITHOUT_OWN_DESTINATION": 1}, {
                "destination": (r"signer: connection 0 to the_other", r"names destination the_verifier", SIGNS),
                "connection_of_signer": (r"names destination the_verifier, source of_attacker:1", SIGNS,
                                         ATTACKER_PASSES),
            }),
    without("any-time-of-challenge", "The signer signs whatever time the challenge names.", "on-path-challenge",
            {"WITHOUT_SKEW": 1}, {
                "fresh": (r"attacker: the challenge .* epoch 3", SIGNS + ".* epoch 3", r"time: epoch 4",
                          r"verifier: pass"),
            }),
    without("signs-twice", "The signer signs the same end points twice in an epoch.",
            "reader", {"WITHOUT_SIGNED_TUPLES": 1}, {
                "served": (PASSES, ENDS, r"signer: connection 1 .* from of_signer:1",
                           r"verifier: reply_535 on connection 1"),
            }),
    without("starttls-keeps-all", "What was said before STARTTLS is not forgotten.", "on-path-tls-checked",
            {"WITHOUT_FORGETTING_AT_STARTTLS": 1}, {
                "ascribed": (r"attacker: writes on connection 0", r"verifier: pass for attacker_domain on connection 0",
                             r"signer: STARTTLS",
                             r"the_signer: mail on connection 0, for which attacker_domain answers"),
            }),
)
