"""The accessibility statement and the privacy notice of the console."""

from functions.console.help.passages import passage
from functions.console.shown.help import Statement

ACCESSIBILITY = Statement(
    title="Accessibility statement",
    passages=(
        passage(
            "aim",
            "What we aim for",
            """
            These pages aim at level AA of the Web Content Accessibility Guidelines 2.2. They
            need no script, move nothing by themselves, and say in words whatever a colour says.
            """,
        ),
        passage(
            "status",
            "How far they meet it",
            """
            Partly. No failure is known, but not everything was tested: what is listed under
            "What was not tested" may hold some, so these pages are not said to meet all of it.
            """,
        ),
        passage(
            "problems",
            "Known problems",
            """
            None at level AA is known. An e-mail is shown as it looks in a frame, where you
            cannot change its colours or its size; its text part can be opened below it.

            You are signed out after a time without a new page. What you have typed is kept,
            and is there again once you have signed in.
            """,
        ),
        passage(
            "tested",
            "What was tested",
            """
            By machine, on made-up data: each kind of page with axe-core in Chromium, 1,280 and
            320 pixels wide, with no violation found; that no page scrolls sideways at 320
            pixels; the order and visible focus of every stop of the keyboard; pages without
            script; and print.

            The contrast of the charts is held to a table of measured colours, since a machine
            cannot judge words on a drawing.
            """,
        ),
        passage(
            "not-tested",
            "What was not tested",
            """
            Screen readers, 400% zoom, voice control, and people who use them every day. A
            machine that finds nothing does not prove that everybody can use a page.
            """,
        ),
        passage(
            "tell-us",
            "If something is in your way",
            """
            Ring the service desk: its number is at the foot of every page. Say which page, and
            what you use. If a child's case cannot wait, ring the MASH instead.
            """,
        ),
        passage(
            "complain",
            "If our answer does not help",
            """
            Complain to the council, by its own procedure. If you are not happy with its answer,
            ask the Equality Advisory and Support Service (EASS). The Equality and Human Rights
            Commission enforces the Public Sector Bodies (Websites and Mobile Applications)
            (No. 2) Accessibility Regulations 2018.
            """,
        ),
        passage(
            "prepared",
            "This statement",
            """
            Prepared on 27 November 2026, from the tests above. The council reviews it once it
            has tried these pages with its own people, and each year.
            """,
        ),
    ),
)
PRIVACY = Statement(
    title="Privacy",
    passages=(
        passage(
            "children",
            "What is kept of children",
            """
            References, outcomes, codes and times: what was decided, whom it was told to, and
            when. No name, date of birth, address, school or allegation of anybody.

            What was sent is kept sealed, under a key of its own referral. The council's
            retention schedule says how long all this is kept.
            """,
        ),
        passage(
            "you",
            "What is kept of you",
            """
            Your id in the council's directory and your role, at every page that you open, every
            search, every file that you take away, and every change that you make, with the
            time. Your name is kept with your session alone, and is in no record.

            Auditors can see it. Nobody here can edit or remove it.
            """,
        ),
        passage(
            "browser",
            "What your browser keeps",
            """
            One cookie, until you sign out or close the browser. No page is stored in it,
            nothing is measured, and nothing is loaded from elsewhere.
            """,
        ),
        passage(
            "ask",
            "Whom to ask",
            """
            The council is the controller. Ask its data protection officer what is kept of you,
            or of a child whom you are responsible for; the service desk puts you through.
            """,
        ),
    ),
)
