"""The mechanisms of the console: for each the text whose removal the tests beside it must notice."""

from tests.house.removal import Removal, Removals

DOOR = "functions/console/door/guard.py"
SIGN_IN = "functions/console/door/sign_in.py"
SESSIONS = "functions/adapters/ledger/sessions.py"
READING = "functions/adapters/ledger/reading.py"
CHAIN = "functions/adapters/ledger/chain.py"
OIDC = "functions/adapters/oidc.py"
SESSION_RULES = "functions/domain/session.py"

OF_THE_CONSOLE: Removals = {
    "V1": (
        Removal(
            "a referral is read and no row says so",
            READING,
            "        fact = Fact(kind, uid(kind, request), reader, request, details, opened=opened)\n"
            "        self._store.write(self._chain.append(pk, self._chain.tip(pk), [fact], now))\n",
            "        Fact(kind, uid(kind, request), reader, pk, details)\n",
            (
                "each_look_is_one_entry_with_a_purpose",
                "a_page_is_on_record_before_anybody_sees_it",
                "without_its_entry_no_page_is_shown",
            ),
        ),
        Removal(
            "a list is read, or a file taken away, and no row says so",
            READING,
            "        pk = keys.read_by(now, fact.actor)\n"
            "        self._store.write(self._chain.append(pk, self._chain.tip(pk), [fact], now))\n",
            "        keys.read_by(now, fact.actor)\n",
            (
                "each_look_is_one_entry_with_a_purpose",
                "without_its_entry_no_page_is_shown",
                "a_file_holds_the_data_set_and_is_on_record_before_it_is_handed_out",
            ),
        ),
        Removal(
            "whoever opened a referral is found by nobody who asks by its reference",
            CHAIN,
            '            row |= keys.of_its_readings(fact.opened, row["at"], fact.uid)\n',
            "            pass\n",
            ("everybody_who_opened_a_referral_is_listed_with_when_and_why",),
        ),
        Removal(
            "a page of which no row tells is shown all the same",
            DOOR,
            "    if not visit.is_on_record:\n        raise UnrecordedError(visit.request.path)\n",
            "",
            ("what_no_row_tells_of_is_shown_to_nobody",),
        ),
        Removal(
            "what is refused at the door is on no record",
            DOOR,
            '    visit.note(why, 0, {"page": path})\n',
            "",
            (
                "a_page_or_an_act_of_another_role_is_refused_on_record",
                "a_form_that_is_not_ours_is_refused_on_record",
            ),
        ),
        Removal(
            "what is not there was not asked for",
            DOOR,
            '        if not visit.is_on_record:\n            visit.note("NOT_HERE", 0)\n',
            "        visit.acted()\n",
            ("what_is_not_there_is_on_record_as_well",),
        ),
        Removal(
            "what somebody types for a reference goes into the record",
            READING,
            '        what = {"referral": ref} if rows else {"asked": NOT_HERE}\n',
            '        what = {"referral": ref}\n',
            ("no_path_on_record_has_words_that_somebody_typed",),
        ),
    ),
    "V2": (
        Removal(
            "whoever is signed in may see and do everything",
            DOOR,
            "    if session.role not in (route.may_act if acts else route.may_look):\n",
            "    if False:\n",
            (
                "only_who_may_look_is_let_in_and_only_who_may_act_is_heard",
                "each_page_is_for_its_roles_and_no_other",
            ),
        ),
        Removal(
            "a session never ends",
            DOOR,
            "        if session is None or session.has_ended(desk.now()):\n",
            "        if session is None:\n",
            (
                "what_opened_every_page_opens_none_once_it_has_ended",
                "a_session_that_nobody_uses_ends_after_thirty_minutes",
                "a_session_ends_after_ten_hours_however_it_is_used",
            ),
        ),
        Removal(
            "whoever goes on clicking is never signed out",
            SESSION_RULES,
            "    return min(seen_at + IDLE, opened_at + ABSOLUTE)\n",
            "    return seen_at + IDLE\n",
            ("a_session_ends_after_ten_hours_however_it_is_used",),
        ),
        Removal(
            "signing out leaves the session open",
            SESSIONS,
            "session.staff, request), now), *gone])\n",
            "session.staff, request), now)])\n",
            ("what_opened_every_page_opens_none_once_it_has_ended",),
        ),
        Removal(
            "signing in anew leaves the browser's earlier session open",
            SESSIONS,
            "opened, *self._ended(instead_of)])\n",
            "opened])\n",
            ("whoever_signs_in_anew_leaves_no_session_behind",),
        ),
        Removal(
            "whoever has no role leaves the browser's earlier session open",
            SESSIONS,
            "        self._store.write([*row, *self._ended(instead_of)])\n",
            "        self._store.write(row)\n",
            ("whoever_has_no_role_leaves_no_earlier_session_behind",),
        ),
        Removal(
            "a link says that something was done which was not",
            "functions/console/words/acted.py",
            '_signer(visit.request.path, visit.session).unsign(visit.request.asked("done")).decode()',
            'visit.request.asked("done").rpartition(".")[0]',
            ("a_link_says_of_nothing_that_it_was_done",),
        ),
        Removal(
            "a form needs no token",
            DOOR,
            "    return hmac.compare_digest(request.said(CSRF_FIELD).encode(), session.csrf.encode())\n",
            "    return True\n",
            (
                "no_form_is_heard_without_this_sessions_token",
                "a_token_in_the_address_is_no_token",
            ),
        ),
        Removal(
            "another site's form is heard",
            DOOR,
            '    return sent_from == _origin(desk.base) and site in ("same-origin", "none")\n',
            "    return bool(sent_from and site)\n",
            ("no_form_is_heard_from_another_site", "a_link_on_another_site_signs_nobody_out"),
        ),
        Removal(
            "a sign-in is finished in any browser",
            SESSIONS,
            'item["browser"] != browser_sha256 or ',
            "",
            ("a_code_works_in_the_browser_that_asked_for_it_and_once",),
        ),
        Removal(
            "a sign-in may take all day",
            SESSIONS,
            ' or item["until"] <= at_text(now)',
            "",
            ("a_sign_in_must_be_finished_within_ten_minutes",),
        ),
        Removal(
            "a token for another sign-in is taken",
            OIDC,
            '                nonce={"essential": True, "value": nonce},\n',
            "",
            ("a_token_that_proves_nothing_lets_nobody_in",),
        ),
        Removal(
            "a token for another service is taken",
            OIDC,
            '                aud={"essential": True, "value": self.client.client_id},\n',
            '                aud={"essential": True},\n',
            ("a_token_that_proves_nothing_lets_nobody_in",),
        ),
        Removal(
            "a sign-in leads anywhere",
            SIGN_IN,
            '    return text if _HERE.fullmatch(text) and "\\\\" not in text else HOME\n',
            "    return text\n",
            ("a_sign_in_leads_to_nowhere_but_the_console",),
        ),
        Removal(
            "what somebody typed when their session had ended is kept in clear",
            DOOR,
            "for value in map(str.strip, values) if _KEPT.fullmatch(value)]",
            "for value in map(str.strip, values)]",
            (
                "whoever_has_to_sign_in_again_finds_the_call_that_they_had_entered",
                "what_an_ended_session_keeps_is_small_however_much_was_sent",
            ),
        ),
        Removal(
            "whatever a form names is kept of an ended session",
            DOOR,
            "for name in keeps}",
            "for name in request.form}",
            ("what_an_ended_session_keeps_is_small_however_much_was_sent",),
        ),
        Removal(
            "what one person typed is shown to the next",
            SIGN_IN,
            "begun.unfinished if begun.unfinished and begun.unfinished.staff == staff else None",
            "begun.unfinished",
            ("what_somebody_chose_is_shown_to_nobody_else_there",),
        ),
    ),
    "V3": (
        Removal(
            "another message than the one that was sent is shown",
            "functions/console/messages/as_sent.py",
            "    if announced is not None and made != announced:\n",
            "    if False:\n",
            ("what_would_no_longer_be_what_was_sent_is_not_shown",),
        ),
        Removal(
            "whoever reads a message can confirm it in the agency's name",
            "functions/console/messages/as_sent.py",
            "    if token is None:\n        return parts\n",
            "    if True:\n        return parts\n",
            ("an_email_is_shown_as_it_went_but_for_the_links_token",),
        ),
        Removal(
            "a force reads of children to whom its staff are linked",
            "functions/flows/form_desk/outstanding.py",
            "    return force.agency_id not in linked_agencies(referral.children[child])\n",
            "    return bool(referral.children[child])\n",
            ("the_desk_hears_of_no_child_to_whom_its_staff_are_linked",),
        ),
        Removal(
            "a cursor that nobody gave out leads on",
            "functions/console/asking/cursor.py",
            "return URLSafeSerializer(session.csrf, salt=",
            "return URLSafeSerializer(b'', salt=",
            ("a_cursor_of_somebody_elses_session_leads_nowhere",),
        ),
        Removal(
            "a cell of a file is a formula",
            "functions/domain/measures/published.py",
            """    return f"'{cell}" if cell.startswith(_A_FORMULA) else cell\n""",
            "    return cell\n",
            ("no_cell_of_the_file_is_a_formula",),
        ),
        Removal(
            "small numbers stand in the figures",
            "functions/domain/measures/published.py",
            "    return CONFIDENTIAL if name in sheet.hidden else str(sheet.values[name])\n",
            "    return str(sheet.values[name])\n",
            (
                "what_is_small_is_hidden_and_so_is_what_would_tell_it",
                "a_file_names_no_referral_and_hides_what_is_small",
            ),
        ),
        Removal(
            "names become markup",
            "functions/adapters/render.py",
            "        autoescape=select_autoescape(\n"
            '            disabled_extensions=("txt.jinja",), default=True, default_for_string=True\n'
            "        ),\n",
            "        autoescape=False,\n",
            (
                "nothing_that_somebody_named_becomes_markup",
                "hostile_text_is_shown_as_text_wherever_it_stands",
            ),
        ),
    ),
    "V4": (
        Removal(
            "as many messages as before are taken for the same",
            "functions/console/agencies/recovering.py",
            'return f"{_count(found)}-{sha256(keys.encode()).hexdigest()}"\n',
            'return f"{_count(found)}-{sha256(keys[:0].encode()).hexdigest()}"\n',
            ("as_many_as_before_but_not_the_same_messages_are_not_what_was_agreed_to",),
        ),
        Removal(
            "a task that changed meanwhile is ended unseen",
            "functions/console/worklist/item.py",
            "    if what := tuple(changed_since(task, visit.request, visit.now)):\n",
            "    if what := ():\n",
            (
                "whoever_decides_of_what_another_has_kept_is_told_what_changed",
                "a_form_that_says_it_saw_what_never_was_changes_nothing",
            ),
        ),
        Removal(
            "a message that changed meanwhile is sent again unseen",
            "functions/console/messages/send_again.py",
            "    if what := tuple(seen.changed_since(visit.request)):\n",
            "    if what := ():\n",
            (
                "a_form_shown_before_another_try_is_refused_with_what_changed",
                "a_form_shown_before_it_arrived_is_refused_with_what_changed",
            ),
        ),
        Removal(
            "a message that changed meanwhile is stopped unseen",
            "functions/console/messages/stop.py",
            "    if what := tuple(seen.changed_since(visit.request)):\n",
            "    if what := ():\n",
            ("what_was_tried_since_the_page_was_shown_is_not_stopped_unseen",),
        ),
        Removal(
            "a pause that was ended meanwhile is not noticed",
            "functions/console/agencies/endpoint_acts.py",
            '    if visit.request.said("seen") != _seen(stopped):\n',
            "    if False:\n",
            ("two_managers_at_once_one_pauses_and_the_other_is_told",),
        ),
    ),
}
"""Who looks (V1), who may (V2), what is shown (V3), and two who act at once (V4)."""
