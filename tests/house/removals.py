"""The mechanisms of delivery section 4: for each the text whose removal the tests beside it must notice."""

from tests.house.removal import Removal, Removals
from tests.house.removals_of_the_console import OF_THE_CONSOLE

INTAKE = "functions/flows/intake/take_decision.py"
SEND = "functions/flows/sending/send.py"
ANSWER = "functions/flows/sending/answer.py"
IN_THE_LEDGER = "functions/adapters/ledger/"
INTAKE_LEDGER = f"{IN_THE_LEDGER}intake.py"
SEND_LEDGER = f"{IN_THE_LEDGER}sending.py"
DELIVERY = "functions/domain/delivery.py"
BACKOFF = "functions/domain/backoff.py"
EMAIL = "functions/adapters/email.py"
WEBHOOK = "functions/adapters/webhook.py"
SIGNING = "functions/adapters/signing.py"
STORE = f"{IN_THE_LEDGER}store.py"
HEALTH = "functions/adapters/registry/endpoint_health.py"
SWEEP = "functions/flows/clocks/sweep.py"
READY = "functions/cli/readiness.py"
QUEUE = "infra/service_queue.py"
COUNTERS = f"{IN_THE_LEDGER}counters.py"
LIVE_COUNTS = "functions/flows/measuring/live.py"
RECOUNT = "functions/flows/measuring/recount.py"
FUNCTION = "infra/service_function.py"
CLOCKS = f"{IN_THE_LEDGER}clocks.py"
FIRING = "functions/flows/intake/fire_clock.py"
RECEIVE = "functions/flows/intake/receive.py"
ARRIVALS = "functions/flows/intake/arrivals.py"
STATEMENTS = f"{IN_THE_LEDGER}statements.py"
STATEMENT_PAGE = "functions/flows/acknowledging/statement.py"
STATEMENT_MADE = "functions/flows/intake/life/police_statement.py"
OF_A_VERSION = "functions/flows/intake/life/of_a_version.py"


REMOVALS: Removals = {
    "F1": (
        Removal(
            "an event's marker takes another's place",
            f"{IN_THE_LEDGER}parts.py",
            '{**item, "partition": pk, "fingerprint": fingerprint}',
            '{**item, "partition": pk, "fingerprint": fingerprint}, '
            'condition=Condition("attribute_exists(#pk) OR attribute_not_exists(#pk)", {})',
            (
                "a_decision_with_one_clause_false_names_it_and_writes_nothing",
                "one_arrival_is_noted_once_whether_duplicate_stale_or_heartbeat",
            ),
        ),
        Removal(
            "nobody asks whether the event was taken in before",
            INTAKE,
            "if marker is not None:",
            "if False:",
            ("a_copied_event_id_does_not_swallow_a_siblings_outcome",),
        ),
        Removal(
            "nobody asks whether this arrival was recorded before",
            INTAKE,
            "    if recorded:\n"
            "        set_clocks_left(listed(decision, listing.hub), arrival.at, desk)\n"
            "        return\n",
            "",
            ("one_arrival_delivered_twice_by_the_queue_leaves_one_row",),
        ),
        Removal(
            "a duplicate leaves no row",
            INTAKE,
            "    desk.intake.note_duplicate(known.referral, fact, arrival)\n",
            "",
            (
                "the_same_event_again_is_a_duplicate_and_not_a_second_message",
                "two_arrivals_of_one_event_at_once_are_one_decision_and_one_duplicate",
            ),
        ),
    ),
    "F2": (
        Removal(
            "the sweep queues nothing",
            SWEEP,
            "desk.dispatch.send(key for key in keys if isinstance(key, DeliveryKey | CanaryKey))",
            "desk.dispatch.send(())",
            ("without_the_relay_the_sweep_queues_all_that_is_due",),
        ),
        Removal(
            "the relay queues nothing",
            "functions/handlers/relay_deliveries.py",
            "desk().send(new_deliveries(event))",
            "desk().send(())",
            ("the_relay_queues_new_deliveries_and_nothing_else_with_ids_alone",),
        ),
    ),
    "F3": (
        Removal(
            "a key that cannot be read stops whoever meets it",
            f"{IN_THE_LEDGER}keys.py",
            "        return DeliveryKey.parse(pk, sk)\n    except ValueError:\n"
            '        log(KEY_UNREADABLE, delivery=uid("KEY", pk, sk))\n        return None',
            "        return DeliveryKey.parse(pk, sk)\n    except ValueError:\n        raise",
            ("a_key_of_another_release_stops_neither_the_sweep_nor_the_rest",),
        ),
        Removal(
            "a queue that refuses keeps the other's messages back",
            "functions/adapters/dispatch.py",
            "        except (ClientError, *NO_ANSWER, RetryError) as exc:\n            return exc",
            "        except (ClientError, *NO_ANSWER, RetryError):\n            raise",
            ("a_queue_that_refuses_keeps_no_message_from_the_other",),
        ),
        Removal(
            "a poison record is not isolated",
            "infra/delivery.py",
            "            bisect_batch_on_function_error=True,\n",
            "",
            ("the_relay_sees_new_due_deliveries_only_and_gives_up_in_bounded_time",),
        ),
        Removal(
            "nobody watches how far the stream is behind",
            "infra/watch.py",
            '    alarms.watch_stream(\n        "Relay",\n',
            '    (lambda *_, **__: None)(\n        "Relay",\n',
            ("a_stalled_stream_has_an_alarm",),
        ),
        Removal(
            "the stream's alarm waits for an age that no record reaches",
            "infra/watch.py",
            "STREAM_BEHIND_SECONDS = 90",
            "STREAM_BEHIND_SECONDS = 600",
            ("a_stalled_stream_rings_before_its_records_are_given_up",),
        ),
    ),
    "F4": (
        Removal(
            "nobody takes over when a lease has run out",
            f"{IN_THE_LEDGER}waiting.py",
            "return bool(state == DeliveryState.SENDING and lease < at_text(now))",
            "return False",
            ("a_webhook_abandoned_by_a_crash_is_closed_unknown_and_sent_again_with_the_same_id",),
        ),
        Removal(
            "a takeover leaves the abandoned attempt open",
            SEND,
            "facts.insert(0, unknown(waiting, DeliveryState.RETRY))",
            "pass",
            ("a_webhook_abandoned_by_a_crash_is_closed_unknown_and_sent_again_with_the_same_id",),
        ),
    ),
    "F5": (
        Removal(
            "no quarantine after a crash",
            SEND,
            "elif waiting.abandoned(now) and key.channel.is_email:",
            "elif False:",
            ("an_email_of_unknown_fate_is_left_alone_before_it_is_sent_again",),
        ),
        Removal(
            "no quarantine after a time-out",
            DELIVERY,
            "if answer.result is AttemptResult.UNKNOWN and channel.is_email and not is_last:",
            "if False:",
            (
                "an_email_of_unknown_fate_is_left_alone_for_ten_minutes",
                "an_email_cut_off_by_the_network_is_quarantined_too",
            ),
        ),
        Removal(
            "each attempt at a webhook has an id of its own",
            WEBHOOK,
            "signed_headers(pins.message_id, body, live.secrets, now=now)",
            'signed_headers(f"{pins.message_id[:30]}{now:%M%S}", body, live.secrets, now=now)',
            ("every_try_sends_the_same_bytes_under_the_same_id_with_its_own_signature",),
        ),
    ),
    "F6": (
        Removal(
            "the claim has no condition",
            SEND_LEDGER,
            'AND {as_read}", values)',
            'AND {as_read} OR attribute_exists(#pk)", values)',
            (
                "a_claim_with_one_clause_false_names_it_and_writes_nothing",
                "a_worker_that_read_before_the_claim_cannot_claim_again",
            ),
        ),
        Removal(
            "the claim does not ask which attempt was read",
            SEND_LEDGER,
            '"#attempt = :attempts_seen"',
            '"#attempt >= :attempts_seen"',
            ("a_claim_with_one_clause_false_names_it_and_writes_nothing",),
        ),
    ),
    "F7": (
        Removal(
            "the commit does not ask whose the claim is",
            SEND_LEDGER,
            'mine = "#owner = :me AND #st = :sending"',
            'mine = "(#owner = :me OR attribute_exists(#pk)) AND #st = :sending"',
            ("a_close_of_what_is_no_longer_ours_names_it_and_writes_nothing",),
        ),
        Removal(
            "an outcome that came too late is forgotten",
            SEND_LEDGER,
            "self._store.write(self._chain.append(key.pk, tip, [fact], now))",
            "del key, tip, fact, now",
            ("a_zombie_that_answers_after_its_lease_changes_nothing_and_is_recorded",),
        ),
    ),
    "F8": (
        Removal(
            "what cannot be read leaves no row",
            RECEIVE,
            "        refuse(body, exc.refusal, desk.refusal, bus_id=exc.bus_id or message_id, "
            "source=exc.source)\n",
            "",
            ("whatever_stands_in_the_queue_ends_in_the_trail",),
        ),
        Removal(
            "a message that names no delivery is swallowed",
            ANSWER,
            "    key = _named(body)\n",
            "    try:\n        key = read_message(body)\n    except ValueError:\n        return\n",
            ("a_message_that_names_no_delivery_is_not_swallowed",),
        ),
        Removal(
            "a message for a delivery that does not exist is swallowed",
            SEND,
            'raise NothingToSendError("no such delivery")',
            "return",
            ("a_message_for_a_delivery_that_does_not_exist_is_not_swallowed",),
        ),
        Removal(
            "a poison message is forgotten",
            "functions/adapters/dispatch.py",
            "        sqs.send_message(QueueUrl=dead_letters_url, MessageBody=body)",
            "        return",
            ("a_message_that_names_nothing_to_send_is_a_dead_letter_at_once_and_acknowledged",),
        ),
        Removal(
            "a poison message comes back thirty times",
            "functions/adapters/dispatch.py",
            "    except NothingToSendError:",
            "    except BlockingIOError:",
            ("a_message_that_names_nothing_to_send_is_a_dead_letter_at_once_and_acknowledged",),
        ),
        Removal(
            "five receives make a dead letter",
            "infra/intake.py",
            "receives=RECEIVES,",
            "receives=5,",
            ("every_queue_is_a_dead_letter_queue_or_has_one_after_ten_receives_or_more",),
        ),
    ),
    "F9": (
        Removal(
            "a message that failed does not come back",
            "functions/adapters/batch.py",
            "return super().failure_handler(record, exception)",
            "return self.success_handler(record, None)",
            (
                "a_message_that_cannot_be_written_comes_back_and_its_neighbours_do_not",
                "a_bad_message_of_a_batch_comes_back_alone",
            ),
        ),
        Removal(
            "a message that failed brings back its whole batch",
            "functions/adapters/batch.py",
            "        return super().failure_handler(record, exception)",
            "        raise error if error else ValueError",
            (
                "a_message_that_cannot_be_written_comes_back_and_its_neighbours_do_not",
                "a_bad_message_of_a_batch_comes_back_alone",
            ),
        ),
        Removal(
            "nobody asks whether there is time to end a message of another queue",
            "functions/adapters/batch.py",
            "< 1000 * least_seconds:",
            "< 0:",
            (
                "a_throttle_lets_a_reader_begin_only_what_it_can_end_and_the_rest_goes_back_untouched",
                "a_message_of_any_queue_is_begun_only_with_time_to_end_it",
            ),
        ),
        Removal(
            "the dead letters' reader asks for more time than it has",
            "functions/flows/sending/park.py",
            "LEAST_SECONDS_TO_START = 20",
            "LEAST_SECONDS_TO_START = 40",
            ("no_reader_begins_a_message_that_it_may_not_end_however_busy_the_tables_are",),
        ),
        Removal(
            "nobody asks whether there is time to end a send",
            ANSWER,
            "LEAST_MILLISECONDS_TO_START = 27_000",
            "LEAST_MILLISECONDS_TO_START = 0",
            ("a_message_without_time_to_end_goes_back_untouched",),
        ),
        Removal(
            "SQS does not listen which messages failed",
            FUNCTION,
            "            report_batch_item_failures=True,\n",
            "",
            ("every_queues_reader_answers_for_each_message_alone_at_once_and_with_a_limit",),
        ),
    ),
    "F10": (
        Removal(
            "an exchange has no deadline as a whole",
            WEBHOOK,
            "exchange.result(timeout=SEND_DEADLINE.total_seconds())",
            "exchange.result(timeout=3 * SEND_DEADLINE.total_seconds())",
            ("each_comes_to_what_the_table_says_long_before_the_lease_ends",),
        ),
        Removal(
            "a message is seen again while its reader still works",
            QUEUE,
            "TIMEOUTS_OF_VISIBILITY = 6",
            "TIMEOUTS_OF_VISIBILITY = 1",
            ("a_message_is_hidden_for_six_of_its_readers_timeouts", "a_sender_has_time_for_its_whole_batch"),
        ),
    ),
    "F11": (
        Removal(
            "a queue calls as many readers as it likes",
            FUNCTION,
            "            max_concurrency=concurrency,\n",
            "",
            ("every_queues_reader_answers_for_each_message_alone_at_once_and_with_a_limit",),
        ),
    ),
    "F12": (
        Removal(
            "dead letters are dropped",
            "functions/flows/sending/park.py",
            "    if isinstance(key, CanaryKey):\n        return\n",
            "    return\n",
            ("dead_letters_end_in_the_trail",),
        ),
        Removal(
            "the sweep does not find what a dead letter was about",
            SWEEP,
            "desk.dispatch.send(key for key in keys if isinstance(key, DeliveryKey | CanaryKey))",
            "desk.dispatch.send(())",
            ("without_the_relay_the_sweep_queues_all_that_is_due",),
        ),
        Removal(
            "nobody watches the queues' dead letters",
            "infra/watch.py",
            "        alarms.watch_dead_letters(name, queue.dead_letters)\n",
            "",
            ("every_dead_letter_queue_has_an_alarm_at_the_first_letter",),
        ),
    ),
    "F13": (
        Removal(
            "dead letters are kept no longer than the living",
            QUEUE,
            "kept_days=DEAD_DAYS",
            "kept_days=LIVE_DAYS",
            ("dead_letters_are_kept_longer_than_the_living",),
        ),
    ),
    "F14": (
        Removal(
            "a key that EventBridge may not use closes the intake and its dead letters",
            "infra/intake.py",
            "key=foundation.keyring.turned_away",
            "key=self._key",
            ("no_one_key_closes_both_a_rules_queue_and_its_dead_letters",),
        ),
        Removal(
            "EventBridge may not use the key of its dead letters",
            "infra/keyring.py",
            "for key in (self.intake, self.turned_away, self.queues):",
            "for key in (self.intake, self.queues):",
            ("eventbridge_may_use_the_key_of_every_queue_that_a_rule_writes_to_for_this_account",),
        ),
        Removal(
            "nobody watches whether the bus reaches the intake",
            "infra/watch.py",
            '    alarms.watch_rule("Rule", bus=intake.bus.event_bus_name, rule=intake.rule_name)\n',
            "",
            ("the_first_event_that_the_intakes_rule_gives_up_is_an_alarm",),
        ),
        Removal(
            "no canary is ever due",
            f"{IN_THE_LEDGER}canaries.py",
            "change=Change(due_attributes(key, now)))",
            'change=Change({"agreed_at": at_text(now)}))',
            ("an_agency_that_agrees_is_sent_a_signed_event_without_any_news",),
        ),
        Removal(
            "after the first canary there is no next",
            f"{IN_THE_LEDGER}canaries.py",
            '{"on_its_way": message_id, **due_attributes(waiting.key, next_due_at)})',
            '{"on_its_way": message_id}, remove=NO_LONGER_DUE)',
            ("the_next_one_goes_fifteen_minutes_later_with_an_id_of_its_own",),
        ),
        Removal(
            "what the minute's rule cannot deliver is gone",
            "infra/delivery.py",
            "            dead_letter_queue=self.sweep_dead_letters,\n",
            "",
            ("every_rule_and_every_stream_has_a_place_for_what_it_could_not_deliver",),
        ),
        Removal(
            "a heartbeat that is missing breaches nothing",
            "infra/alarms.py",
            "silence=aws_cloudwatch.TreatMissingData.BREACHING,",
            "silence=aws_cloudwatch.TreatMissingData.NOT_BREACHING,",
            ("a_missing_heartbeat_is_an_alarm_after_three_minutes",),
        ),
    ),
    "F15": (
        Removal(
            "a throttled commit is not tried again",
            "functions/adapters/patience.py",
            "if self.monotonic() >= ends:",
            "if True:",
            ("a_throttled_commit_is_tried_again_and_never_becomes_a_second_message",),
        ),
        Removal(
            "our own write is not known again",
            STORE,
            "if rows and all(rows):",
            "if False:",
            ("a_write_whose_reply_was_lost_is_known_as_our_own",),
        ),
        Removal(
            "a throttle is taken for another writer",
            STORE,
            'BusyError("throttled") if codes & ',
            'BusyError("throttled") if set() & ',
            ("a_throttle_among_the_reasons_is_to_be_tried_later",),
        ),
        Removal(
            "a message that must wait is hidden for its queue's whole visibility",
            "functions/adapters/dispatch.py",
            "    sqs.change_message_visibility(",
            "    dict(",
            ("a_send_that_must_wait_comes_back_in_seconds_not_after_the_whole_visibility",),
        ),
    ),
    "F16": (
        Removal(
            "a throttled answer uses up an attempt",
            DELIVERY,
            "return Next(DeliveryState.RETRY, due_at, refusals, counted=False)",
            "return Next(DeliveryState.RETRY, due_at, refusals)",
            (
                "a_throttled_message_waits_a_little_and_uses_up_no_attempt",
                "however_often_ses_turns_a_message_away_no_try_of_it_is_used_up",
            ),
        ),
        Removal(
            "a throttled answer is one like any other",
            DELIVERY,
            "    ErrorWord.E_THROTTLED: THROTTLED,\n",
            "",
            ("a_throttled_message_waits_a_little_and_uses_up_no_attempt",),
        ),
        Removal(
            "nothing waits for its turn",
            SEND,
            "        desk.pace.wait()",
            "        pass",
            ("a_mail_waits_for_its_turn_before_it_is_claimed_and_what_is_not_due_has_none",),
        ),
        Removal(
            "what leaves too fast pages like a spent quota",
            SEND,
            "ErrorWord.E_THROTTLED: SEND_THROTTLED",
            "ErrorWord.E_THROTTLED: SEND_QUOTA_SPENT",
            ("only_a_spent_quota_pages",),
        ),
    ),
    "F17": (
        Removal(
            "an outage of all e-mail is one message's failure like any other",
            DELIVERY,
            "    **dict.fromkeys(REFUSES_US, TURNED_AWAY),\n",
            "",
            ("while_ses_takes_nothing_from_us_no_try_is_used_up_and_everything_goes_afterwards",),
        ),
        Removal(
            "an outage of all e-mail rings nobody",
            SEND,
            "    **dict.fromkeys(REFUSES_US, MAIL_PROVIDER_REFUSES),\n",
            "",
            ("an_outage_of_all_email_is_an_error_in_the_log_with_its_word_and_calls_are_made_meanwhile",),
        ),
        Removal(
            "whoever AWS does not let in is one message's failure",
            EMAIL,
            "if status in _KEEPS_OUT:",
            "if False:",
            ("whoever_is_not_let_in_is_turned_away_whatever_the_code",),
        ),
        Removal(
            "what SES rejects for good is tried again",
            EMAIL,
            "retryable=code not in _NEVER",
            "retryable=True",
            ("each_code_of_ses_has_its_meaning",),
        ),
        Removal(
            "a suppressed address is sent to",
            "functions/flows/sending/address.py",
            "raise SuppressedAddressError(agency.agency_id)",
            "pass",
            ("nothing_more_is_sent_to_it_and_a_person_is_called",),
        ),
        Removal(
            "what came back calls nobody",
            "functions/domain/receipts.py",
            "        case Receipt.BOUNCED:\n            return at_once(now)",
            "        case Receipt.BOUNCED:\n            return None",
            ("what_came_back_calls_a_person_within_a_minute",),
        ),
        Removal(
            "a sandbox is taken for ready",
            READY,
            "        found.in_production,\n",
            "        True,\n",
            ("each_thing_that_is_missing_is_one_line_with_what_to_do",),
        ),
        Removal(
            "a paused account is taken for ready",
            READY,
            "        found.sends,\n",
            "        True,\n",
            ("each_thing_that_is_missing_is_one_line_with_what_to_do",),
        ),
        Removal(
            "an unverified domain is taken for ready",
            READY,
            "        found.domain_verified,\n",
            "        True,\n",
            ("each_thing_that_is_missing_is_one_line_with_what_to_do",),
        ),
    ),
    "F18": (
        Removal(
            "a webhook that was not taken is not tried again",
            DELIVERY,
            "if is_last or (answer.result is AttemptResult.FAILED and not answer.retryable and not refused):",
            "if is_last or answer.result is AttemptResult.FAILED:",
            ("a_failed_attempt_is_tried_again_not_before_it_is_due_with_the_same_bytes",),
        ),
        Removal(
            "the breaker never opens",
            "functions/domain/endpoint.py",
            "return not answered.took_it and (_all_failed(in_order) or _mostly_failed(recent))",
            "return False",
            ("five_failures_open_the_breaker_and_the_others_are_not_even_tried",),
        ),
        Removal(
            "an open breaker is told to nobody",
            HEALTH,
            "beside = [opened, self._open_task(agency_id, task, now)]",
            "beside = [opened]",
            ("its_owner_is_told_once_and_not_for_each_message",),
        ),
        Removal(
            "nobody probes",
            "functions/domain/endpoint.py",
            "return Turn.WAIT if tried else Turn.PROBE",
            "return Turn.GO",
            ("then_one_probe_goes_and_while_it_fails_no_more",),
        ),
        Removal(
            "everybody probes",
            f"{IN_THE_LEDGER}endpoints.py",
            'nobody_probes = "(attribute_not_exists(#probe_until) OR #probe_until < :now)"',
            'nobody_probes = "(attribute_exists(#pk) OR attribute_not_exists(#pk))"',
            ("a_probe_with_one_clause_false_names_it_and_writes_nothing",),
        ),
        Removal(
            "a probe that is taken leaves the breaker open",
            HEALTH,
            "beside = [self._endpoint(agency_id, _CLOSED, _IS_OPEN), self._end_task(agency_id)]",
            "beside = [self._end_task(agency_id)]",
            ("a_probe_that_is_taken_closes_the_breaker_and_everything_due_goes",),
        ),
        Removal(
            "no e-mail takes the webhook's place",
            "functions/flows/clocks/untold.py",
            "if not _can_be_mailed(watched):",
            "if True:",
            ("after_half_an_hour_and_not_a_moment_sooner_an_email_takes_the_webhooks_place",),
        ),
        Removal(
            "nobody is to ring",
            "functions/domain/watch.py",
            "return Clock(Watch.CALL, call_at)",
            "return None",
            ("after_four_working_hours_and_not_a_moment_sooner_a_duty_worker_is_to_ring",),
        ),
        Removal(
            "no alarm before a working day is over",
            "functions/domain/watch.py",
            "return Clock(Watch.RED_ALERT, or_sooner(lambda: red_alert_due_at(since, policy), since))",
            "return None",
            ("an_hour_before_a_working_day_has_passed_an_alarm_is_raised_and_no_task",),
        ),
        Removal(
            "an endpoint that was resumed stays paused",
            HEALTH,
            'remove=("paused", "paused_at", "breaker", "open_until", "probe_until")',
            'remove=("paused_at",)',
            ("a_resumed_endpoint_is_probed_and_then_everything_goes",),
        ),
    ),
    "F19": (
        Removal(
            "a hint is not heard",
            BACKOFF,
            "wait = max(delay, min(hint or timedelta(), LONGEST_HINT))",
            "wait = delay",
            (
                "nothing_is_due_before_its_schedule_or_its_hint",
                "a_hint_postpones_but_not_past_twelve_hours",
            ),
        ),
        Removal(
            "a hint takes the schedule's place",
            BACKOFF,
            "wait = max(delay, min(hint or timedelta(), LONGEST_HINT))",
            "wait = delay if hint is None else min(hint, LONGEST_HINT)",
            ("nothing_is_due_before_its_schedule_or_its_hint",),
        ),
        Removal(
            "a hint postpones for ever",
            BACKOFF,
            "min(hint or timedelta(), LONGEST_HINT)",
            "hint or timedelta()",
            ("a_hint_postpones_but_not_past_twelve_hours",),
        ),
        Removal(
            "a date is no hint",
            WEBHOOK,
            "return max(parsedate_to_datetime(text) - now, timedelta())",
            "return None",
            ("a_receivers_hint_is_seconds_or_a_date_and_nonsense_is_none",),
        ),
    ),
    "F20": (
        Removal(
            "a delivery expires",
            f"{IN_THE_LEDGER}items.py",
            '        "watched_after": new.watched_after_seconds,\n',
            '        "watched_after": new.watched_after_seconds,\n        "expires_at": 1,\n',
            ("only_a_read_link_ever_expires_whatever_becomes_of_its_message",),
        ),
        Removal(
            "a read link works until the table deletes it",
            f"{IN_THE_LEDGER}confirming.py",
            "return self.ends_at <= at_text(now)",
            "return False",
            ("a_link_works_for_fourteen_days_and_not_a_moment_longer",),
        ),
        Removal(
            "rows of the trail may expire",
            "infra/audit_store.py",
            'self._table("Audit", ',
            'self._table("Audit", expires="expires_at", ',
            ("no_row_of_the_trail_and_no_key_ever_expires",),
        ),
    ),
    "F22": (
        Removal(
            "a newer decision leaves the older one's messages to go",
            INTAKE_LEDGER,
            "superseded = unsent[: (room - len(done)) // 2]",
            "superseded: list[Item] = []",
            ("a_newer_version_supersedes_what_is_still_unsent", "siblings_are_untouched_by_a_revision"),
        ),
        Removal(
            "a decision that is held takes the place of its referrer's acknowledgement",
            INTAKE_LEDGER,
            "unsent = referral.unsent_before(new.child, new.seq, referrer_waits=waits)",
            "unsent = referral.unsent_before(new.child, new.seq)",
            ("an_acknowledgement_that_had_not_left_goes_though_the_outcome_is_held",),
        ),
        Removal(
            "what is released leaves the acknowledgement to go after it",
            f"{IN_THE_LEDGER}acts.py",
            'over = (REFERRER_WAITS,) if ended.tells(child.get(REFERRER_WAITS, "")) else ()',
            "over: tuple[str, ...] = ()",
            ("one_that_has_not_left_at_the_release_gives_way_to_the_outcome",),
        ),
        Removal(
            "a newer decision supersedes its siblings' messages",
            f"{IN_THE_LEDGER}records.py",
            'if item["child"] == child\n            and item["st"] in _UNSENT',
            'if item["st"] in _UNSENT',
            ("siblings_are_untouched_by_a_revision",),
        ),
        Removal(
            "the claim takes no lane",
            SEND_LEDGER,
            "                lanes.take(self._store, key, until, now),\n",
            "",
            (
                "a_claim_with_one_clause_false_names_it_and_writes_nothing",
                "a_newer_version_waits_until_the_older_one_has_left_on_every_channel",
            ),
        ),
        Removal(
            "a newer version does not wait for what is on its way",
            f"{IN_THE_LEDGER}lanes.py",
            'newer_version = f"(#ver < :dver AND {others_free})"',
            'newer_version = "(#ver < :dver)"',
            ("a_newer_version_waits_until_the_older_one_has_left_on_every_channel",),
        ),
        Removal(
            "siblings share a lane",
            f"{IN_THE_LEDGER}keys.py",
            '("LANE", ref, f"{child:02d}", agency_id, ',
            '("LANE", ref, agency_id, ',
            ("a_siblings_newer_version_neither_supersedes_nor_delays",),
        ),
        Removal(
            "the claim does not ask for the child's newest version",
            f"{IN_THE_LEDGER}items.py",
            'newest = f"#{newest_in(key.line)} = :number"',
            'newest = "(attribute_exists(#pk) OR :number = :number)"',
            ("a_claim_with_one_clause_false_names_it_and_writes_nothing",),
        ),
    ),
    "F23": (
        Removal(
            "the claim does not ask whether the agency changed",
            SEND_LEDGER,
            '"#status = :active AND #version = :read"',
            '"(#status = :active AND #version = :read) OR attribute_exists(#pk)"',
            ("an_endpoint_that_moves_between_the_read_and_the_claim_is_read_again",),
        ),
        Removal(
            "nobody asks whether the agency is still active",
            SEND,
            "raise InactiveAgencyError(waiting.key.agency_id)",
            "pass",
            ("an_agency_disabled_while_its_message_was_queued_is_sent_nothing",),
        ),
        Removal(
            "nobody asks whether the address is verified",
            SEND,
            "if not agency.is_verified(waiting.key.channel, pins.addressee, uk_day(desk.now())):",
            "if False:",
            ("an_endpoint_that_moved_while_its_message_was_queued_is_sent_to_at_its_new_address_alone",),
        ),
    ),
    "F24": (
        Removal(
            "a signature may be an hour off",
            SIGNING,
            "TOLERANCE = timedelta(minutes=5)",
            "TOLERANCE = timedelta(minutes=60)",
            ("a_clock_may_be_five_minutes_off_either_way_and_no_more",),
        ),
        Removal(
            "the time that is signed is another than the sender's",
            SIGNING,
            "second = int(now.timestamp())",
            "second = int(now.timestamp()) + 60",
            ("a_receiver_takes_4_minutes_59_either_way_and_refuses_5_minutes_01",),
        ),
    ),
    "F25": (
        Removal(
            "the claim trusts the index about what is due",
            SEND_LEDGER,
            "#st IN (:pending, :retry, :quarantine) AND #due_at <= :now",
            "#st IN (:pending, :retry, :quarantine) AND (#due_at <= :now OR #due_at > :now)",
            ("a_claim_with_one_clause_false_names_it_and_writes_nothing",),
        ),
        Removal(
            "the sweep asks one shard alone",
            f"{IN_THE_LEDGER}reading.py",
            "for number in range(keys.DUE_SHARDS):",
            "for number in range(1):",
            ("without_the_relay_the_sweep_queues_all_that_is_due",),
        ),
        Removal(
            "what was sent stays in the index",
            SEND_LEDGER,
            "    if then.due_at is None:\n        removed += NO_LONGER_DUE\n",
            "    if then.due_at is None:\n        pass\n",
            ("the_sweep_queues_nothing_that_was_sent",),
        ),
    ),
    "F26": (
        Removal(
            "the newest secret alone signs",
            SIGNING,
            "for secret in secrets]\n    return {",
            "for secret in secrets[:1]]\n    return {",
            (
                "a_secret_that_is_rotated_between_two_tries_signs_beside_the_old_one",
                "a_receiver_that_holds_any_one_of_the_live_secrets_accepts",
            ),
        ),
        Removal(
            "a secret that has ended signs on",
            SIGNING,
            '            if _is_live(entry["ends_at"], now)\n',
            "",
            ("an_agency_whose_secrets_have_all_ended_cannot_be_signed_for",),
        ),
    ),
    "W1": (
        Removal(
            "an arrival sets no clock",
            "functions/flows/intake/take_referral.py",
            "clocks = clocks_after(received, arrival.at, referral, desk.clocks)",
            "clocks = clocks_after(received, arrival.at, referral, desk.clocks)[:0]",
            ("a_referrals_arrival_sets_its_clocks_in_its_own_transaction_and_says_so",),
        ),
        Removal(
            "a decision sets and ends no clock",
            "functions/flows/intake/waits.py",
            "    row, *others = new.facts\n",
            "    row, *others = new.facts\n    moved = []\n",
            (
                "a_decision_sets_what_its_outcome_needs_and_its_row_says_until_when",
                "a_decision_that_comes_while_the_clock_fires_is_not_late",
                "a_decision_that_comes_months_late_sets_clocks_that_fire_at_once_and_once",
            ),
        ),
        Removal(
            "the sweep hands no clock over",
            SWEEP,
            "desk.intake.send(key for key in keys if isinstance(key, ClockKey))",
            "desk.intake.send(())",
            ("the_sweep_hands_over_a_clock_that_has_run_out_and_the_intake_opens_its_task",),
        ),
        Removal(
            "a sender's queue that refuses keeps clocks back",
            SWEEP,
            "    finally:\n        clocks = desk.intake.send(",
            "    except RuntimeError:\n        raise\n    else:\n        clocks = desk.intake.send(",
            ("a_queue_that_refuses_keeps_nothing_from_the_others_and_fails_the_sweep",),
        ),
        Removal(
            "whoever names a clock fires it",
            FIRING,
            "if item is None or not is_due(item, arrival.at):",
            "if item is None:",
            (
                "a_message_that_comes_twice_fires_its_clock_once",
                "one_that_is_not_due_yet_is_left_to_its_time",
            ),
        ),
        Removal(
            "whoever puts a clock on the bus fires it, and leaves no row",
            "functions/adapters/dispatch.py",
            "    return key if message == json.loads(clock_body(key)) else None",
            "    return key",
            ("a_clock_that_somebody_put_on_the_bus_is_refused_visibly_and_fires_nothing",),
        ),
        Removal(
            "an answer that was lost is asked for anew",
            FIRING,
            "seen = seen or _firing(",
            "seen = _firing(",
            ("one_whose_answer_was_lost_says_its_task_and_fires_once",),
        ),
        Removal(
            "a clock that has fired stays as it was",
            FIRING,
            "clocks=[MovedClock(then, item)],\n    )",
            "clocks=[],\n    )",
            (
                "each_fires_once_when_its_time_has_come_into_its_roles_task",
                "a_message_that_comes_twice_fires_its_clock_once",
            ),
        ),
        Removal(
            "a clock is moved from wherever it stands",
            CLOCKS,
            "condition=_as_seen(one.seen)",
            "condition=None",
            (
                "a_clock_that_runs_is_moved_only_from_the_time_that_was_read",
                "a_clock_that_has_ended_is_moved_only_from_that_end",
                "a_new_clock_is_never_put_over_one_that_stands",
            ),
        ),
        Removal(
            "an answer leaves the task open",
            CLOCKS,
            "            yield done_task(store, one.task)",
            "            pass",
            (
                "an_answer_ends_the_clock_and_its_task_in_one_write",
                "an_answer_that_comes_late_ends_the_task_and_says_so",
            ),
        ),
        Removal(
            "a clock that has ended stays in the index",
            CLOCKS,
            "remove=(*NO_LONGER_DUE, *gone)",
            "remove=gone",
            ("one_that_runs_is_in_the_due_index_from_its_time_on_and_no_other_is",),
        ),
        Removal(
            "a plan's clock and a joint case's fire once and for all",
            "functions/domain/life_clocks/firing.py",
            "    match clock.which.kind:",
            "    match None:",
            ("each_reminds_again_until_there_is_news_and_then_from_there",),
        ),
        Removal(
            "without a calendar there is no due time",
            "functions/domain/tasks.py",
            "    except HorizonError:\n        return start + days * IF_THE_CALENDAR_HAS_ENDED",
            "    except ZeroDivisionError:\n        return start + days * IF_THE_CALENDAR_HAS_ENDED",
            (
                "past_the_last_known_holiday_the_clock_is_due_in_a_day_and_fires",
                "when_the_calendar_has_ended_working_days_are_days_and_each_fires_into_its_task",
            ),
        ),
        Removal(
            "a clock of another release stops whoever meets it",
            f"{IN_THE_LEDGER}keys.py",
            "        return ClockKey.parse(pk, sk)\n    except ValueError:\n"
            '        log(KEY_UNREADABLE, delivery=uid("KEY", pk, sk))\n        return None',
            "        return ClockKey.parse(pk, sk)\n    except ValueError:\n        raise",
            ("one_of_another_release_is_said_in_the_log_and_hides_no_other",),
        ),
        Removal(
            "nobody misses a clock",
            "functions/domain/reconciliation/quiet.py",
            "    yield from _unheard(evidence)\n",
            "",
            ("what_would_stay_quiet_is_found",),
        ),
    ),
    "C1": (
        Removal(
            "nobody asks whether it was counted meanwhile",
            COUNTERS,
            'condition=Condition("#part = :seen", {"seen": seen.part}) if seen.part else ABSENT,',
            "condition=None,",
            (
                "after_1000_events_the_counters_equal_the_recount_whatever_the_stream_did",
                "two_that_count_one_row_at_once_add_it_once",
                "a_referral_that_was_counted_since_it_was_seen_moves_nothing",
                "a_reply_that_was_lost_moves_nothing_twice",
            ),
        ),
        Removal(
            "what was counted before is not taken off",
            COUNTERS,
            "change(seen.counts.cells, now.counts.cells)",
            "now.counts.cells",
            (
                "after_1000_events_the_counters_equal_the_recount_whatever_the_stream_did",
                "a_correction_is_counted_in_the_place_of_what_it_corrects",
            ),
        ),
        Removal(
            "a row is counted before the one that it follows",
            LIVE_COUNTS,
            "        if row.seq != number:\n            break\n",
            "",
            ("rows_behind_one_that_is_still_on_its_way_wait_for_it",),
        ),
    ),
    "C2": (
        Removal(
            "one referral that cannot be counted stops the rest",
            LIVE_COUNTS,
            "        return exc\n    return None",
            "        raise\n    return None",
            ("a_referral_that_cannot_be_counted_keeps_no_other_from_it",),
        ),
        Removal(
            "a difference is not put right",
            RECOUNT,
            "        _put_right(look.refs, as_of, counting)",
            "        pass",
            ("a_row_that_the_stream_lost_is_named_by_figure_and_day_and_put_right",),
        ),
        Removal(
            "a difference is said of nobody",
            RECOUNT,
            "        log(COUNTS_DIFFER, day=differing_day, figure=figure)",
            "        pass",
            ("a_row_that_the_stream_lost_is_named_by_figure_and_day_and_put_right",),
        ),
        Removal(
            "the night keeps the live counts as its own",
            RECOUNT,
            "counting.counters.keep_recounted, days, Counts(look.found), as_of.now",
            "counting.counters.keep_recounted, days, counting.counters.live(days), as_of.now",
            ("an_edited_count_is_found_each_night_and_the_recount_beside_it_is_right",),
        ),
        Removal(
            "one look is enough",
            RECOUNT,
            "again.differing & look.differing",
            "look.differing",
            ("what_is_counted_while_the_night_reads_is_no_difference",),
        ),
        Removal(
            "a row that cannot be counted holds the stream up for a day",
            "infra/counting.py",
            "COUNT_RECORD_AGE_SECONDS = 3600",
            "COUNT_RECORD_AGE_SECONDS = 86400",
            ("the_counts_see_new_rows_of_referrals_only_and_give_up_in_bounded_time",),
        ),
        Removal(
            "a night that was missed is missed by nobody",
            "infra/watch_counts.py",
            "A_NIGHT_AND_TWO_HOURS = 26",
            "A_NIGHT_AND_TWO_HOURS = 72",
            ("a_night_without_a_recount_is_an_alarm_within_two_hours",),
        ),
    ),
    "S1": (
        Removal(
            "an event is believed whatever the bus says",
            ARRIVALS,
            '    if delivered.detail.get("source", delivered.source) != delivered.source:\n'
            '        raise RefusedError(Refusal("source", RefusalReason.SOURCE_DIFFERS))\n',
            "",
            (
                "nobody_speaks_for_the_case_system_but_itself",
                "a_system_that_the_stage_does_not_know_says_nothing_at_all",
            ),
        ),
        Removal(
            "a refusal stands under the name that the event gives itself",
            RECEIVE,
            "refuse(body, exc.refusal, desk.refusal, bus_id=bus_id, source=delivered.source)",
            'refuse(body, exc.refusal, desk.refusal, bus_id=bus_id, source=delivered.detail.get("source"))',
            (
                "nobody_speaks_for_the_case_system_but_itself",
                "what_was_said_in_its_name_explains_no_number_of_a_source",
                "what_was_said_in_its_name_is_no_sign_of_life_of_a_source",
            ),
        ),
        Removal(
            "a source may send any type",
            ARRIVALS,
            "    if delivered.detail_type not in granted:\n"
            '        raise RefusedError(Refusal("event_type", RefusalReason.TYPE_NOT_GRANTED))\n',
            "    del granted\n",
            ("what_only_the_case_system_may_say_nobody_else_says_in_its_own_name",),
        ),
        Removal(
            "any source is taken in",
            ARRIVALS,
            '        raise RefusedError(Refusal("source", RefusalReason.UNKNOWN_SOURCE))\n'
            "    return registered[delivered.source]",
            "        return frozenset(_CONTRACTS)\n    return registered[delivered.source]",
            ("a_system_that_the_stage_does_not_know_says_nothing_at_all",),
        ),
        Removal(
            "strangers' refusals explain a source's gap to its listener",
            "functions/flows/reconciling/sources.py",
            "_write(_Heard(source, list(its_own)), desk)",
            "_write(_Heard(source, [*its_own, *(one for one in arrived if one.source is None)]), desk)",
            (
                "what_was_said_in_its_name_explains_no_number_of_a_source",
                "what_no_sender_can_be_known_of_explains_no_number_of_anybody",
            ),
        ),
        Removal(
            "strangers' refusals explain a source's gap to the day's account",
            "functions/domain/reconciliation/arrivals.py",
            "one.kind == AuditKind.REJECTED and one.source == source and",
            "one.kind == AuditKind.REJECTED and one.source in (source, None) and",
            (
                "what_was_said_in_its_name_explains_no_number_of_a_source",
                "what_nobody_or_somebody_else_had_refused_explains_no_number",
            ),
        ),
        Removal(
            "nobody knows who sent what is too large",
            ARRIVALS,
            "return (found[1], found[2]) if found",
            "return (found[1], None) if found",
            ("its_own_event_that_is_too_large_to_read_explains_a_number_of_a_source",),
        ),
        Removal(
            "what a sender wrote may pass for its source",
            ARRIVALS,
            """(?:, ?"detail-type": ?"[^"\\\\]*", ?"source\"""",
            """(?:, ?"detail-type": ?".*?", ?"source\"""",
            ("nothing_else_passes_for_the_source_of_what_is_too_large_to_read",),
        ),
        Removal(
            "anybody's beat is heard",
            RECEIVE,
            "(delivered.source, delivered.detail_type) == (BEAT_SOURCE, BEAT_TYPE)",
            "delivered.detail_type == BEAT_TYPE",
            ("what_is_no_beat_is_refused_visibly_and_heard_as_none",),
        ),
        Removal(
            "what was sent in another's name is sent again as that one's own",
            "functions/cli/bus.py",
            'return self.came_from or self._said("source", at_most=256) or "unknown"',
            'return self._said("source", at_most=256) or "unknown"',
            ("what_came_by_the_bus_is_sent_again_as_whoever_had_sent_it",),
        ),
        Removal(
            "a dead letter is nobody's",
            "functions/flows/sending/park.py",
            "desk.refusal, bus_id=message_id, source=source)",
            "desk.refusal, bus_id=message_id, source=None)",
            ("dead_letters_end_in_the_trail",),
        ),
        Removal(
            "the operator speaks in any name",
            "infra/operator.py",
            "on=intake.bus.event_bus_arn, where=as_sources)",
            "on=intake.bus.event_bus_arn)",
            ("nobody_puts_events_on_the_bus_but_under_the_sources_it_speaks_for",),
        ),
    ),
    "S2": (
        Removal(
            "what the police say sets the status",
            STATEMENT_MADE,
            "form = check_of(referral, child, occasion.key, desk, arrival.at)",
            "form = check_of(referral, child, occasion.key, desk, arrival.at).model_copy(\n"
            '        update={"status": min(SETTLED)}\n    )',
            (
                "that_it_is_done_is_recorded_and_checked_and_sets_no_status",
                "no_statement_ever_sets_the_status_however_often_it_is_made",
            ),
        ),
        Removal(
            "a link takes statements without end",
            STATEMENTS,
            "return len(self.said) >= MOST_BY_ONE_LINK",
            "return False",
            (
                "a_link_takes_five_statements_and_the_page_then_says_whom_to_ring",
                "however_many_come_at_once_no_more_than_five_go",
            ),
        ),
        Removal(
            "a statement is noted over one that was faster",
            STATEMENTS,
            "            condition=as_seen,\n",
            '            condition=Condition("attribute_exists(#ends_at)", {}),\n',
            ("however_many_come_at_once_no_more_than_five_go",),
        ),
        Removal(
            "every refusal is a row",
            STATEMENT_PAGE,
            "row = fact if is_put_on_record(times) else None",
            "row = fact",
            ("whatever_else_comes_by_it_is_counted_and_makes_a_row_at_each_tenfold",),
        ),
        Removal(
            "what was said before goes again",
            STATEMENT_PAGE,
            "if not noted.said[event_id]:",
            "if event_id in noted.said:",
            ("the_same_said_again_is_no_work_for_anybody",),
        ),
        Removal(
            "what was noted is taken to have gone",
            STATEMENT_PAGE,
            "if not noted.said[event_id]:",
            "if event_id not in reminder.form.said:",
            ("what_was_noted_and_never_went_goes_when_it_is_said_again",),
        ),
        Removal(
            "a link works on when nobody waits for the form",
            "functions/domain/life_clocks/police_form.py",
            "return status not in SETTLED and end is not ClockEnd.REVISED",
            "return True",
            ("where_nobody_waits_for_the_form_the_page_says_so_takes_nothing_and_tells_nothing",),
        ),
        Removal(
            "the row does not say by which reminder",
            STATEMENT_MADE,
            "return News(details, checked={child: form}, tasks=[opened])",
            "return News(checked={child: form}, tasks=[opened])",
            ("the_row_says_by_which_reminder_it_was_said_and_whose_that_was",),
        ),
        Removal(
            "any source says by which link it was said",
            STATEMENT_MADE,
            "    if source != STATUS_PAGE:",
            "    if False:",
            ("nobody_but_the_page_says_by_which_link_it_was_said",),
        ),
        Removal(
            "a correction makes the task a new one",
            STATEMENT_MADE,
            "referral.newest(child), task, open_since(task, referral, child))",
            "referral.newest(child), task)",
            ("a_correction_leaves_the_managers_task_its_age_and_its_time",),
        ),
        Removal(
            "a form that its manager waits for is not looked at when the feed is back",
            f"{IN_THE_LEDGER}reading.py",
            "for item in (*due, *_queued_work(self._store, keys.CHASES_OF_MANAGERS)):",
            "for item in due:",
            ("one_that_its_manager_has_by_now_is_looked_at_again_and_stays_theirs",),
        ),
    ),
    "D1": (
        Removal(
            "an act may be dated as far ahead as anybody likes",
            OF_A_VERSION,
            "    if act.at > occasion.arrival.at + MOST_AHEAD:",
            "    if False:",
            (
                "what_cannot_have_been_done_then_is_refused_by_its_field_and_changes_nothing",
                "what_lies_more_than_a_day_ahead_is_refused_before_its_decision_as_after_it",
            ),
        ),
        Removal(
            "an act may be older than its decision",
            OF_A_VERSION,
            "if min(act.at, waited_since or act.at) < decided_at:",
            "if False:",
            (
                "what_cannot_have_been_done_then_is_refused_by_its_field_and_changes_nothing",
                "what_nobody_can_have_done_yet_is_refused_and_the_decision_is_told",
            ),
        ),
        Removal(
            "what came before its decision is believed the moment it names",
            OF_A_VERSION,
            "min(act.at, waited_since or act.at)",
            "act.at",
            ("what_nobody_can_have_done_yet_is_refused_and_the_decision_is_told",),
        ),
        Removal(
            "what was arranged is done, or refused like a slip",
            OF_A_VERSION,
            "    if arranged is not None and waited_since is not None and waited_since < decided_at:",
            "    if False:",
            (
                "a_release_arranged_in_advance_releases_nothing_and_is_the_managers_to_look_at",
                "what_somebody_arranged_to_withhold_is_told_and_the_manager_looks_within_the_hour",
            ),
        ),
        Removal(
            "what was agreed before it was recorded is refused, and told",
            OF_A_VERSION,
            "    if agreed is not None and act.at < decided_at:",
            "    if False:",
            (
                "what_was_agreed_within_the_day_before_is_withheld_and_the_manager_looks_all_the_same",
                "what_says_it_was_withheld_longer_before_stops_nothing_and_the_manager_looks",
            ),
        ),
        Removal(
            "what was withheld however long before silences everybody",
            "functions/flows/intake/life/withheld.py",
            "    if ahead > AGREED_AT_MOST:",
            "    if False:",
            ("what_says_it_was_withheld_longer_before_stops_nothing_and_the_manager_looks",),
        ),
        Removal(
            "an older version dated ahead by a slip can be acted on by nobody",
            OF_A_VERSION,
            "    return acts_from(notice.decided_at, _came_at(act, referral))",
            "    return notice.decided_at",
            ("an_older_version_that_says_it_is_made_tomorrow_was_told_by_a_call_once_it_was_here",),
        ),
        Removal(
            "a decision dated ahead by a slip can be acted on by nobody",
            OF_A_VERSION,
            "    return min(decided_at, came_at)",
            "    return decided_at",
            ("a_decision_that_says_it_is_made_tomorrow_can_be_acted_on_once_it_is_here",),
        ),
        Removal(
            "a release that overtook its decision releases it",
            "functions/flows/intake/life/released.py",
            "    if occasion.waited_since is not None:",
            "    if False:",
            ("a_release_that_came_before_its_decision_never_releases_by_itself",),
        ),
        Removal(
            "a call makes told what is held",
            "functions/flows/intake/life/by_telephone.py",
            '[item for item in messages if "held" not in item]',
            "messages",
            ("what_is_held_is_not_told_because_somebody_says_so",),
        ),
        Removal(
            "of emergency protection the call that must come first is thrown away",
            "functions/flows/intake/life/by_telephone.py",
            'if item.get("held") == [HoldTrigger.EMERGENCY]]',
            "if False]",
            (
                "of_emergency_protection_the_call_that_comes_first_is_kept_and_ends_no_hold",
                "once_that_is_released_whoever_was_rung_first_is_sent_it_and_not_rung_again",
                "a_call_that_came_first_counts_from_when_it_was_made",
            ),
        ),
        Removal(
            "whatever holds emergency protection too, its call is believed",
            "functions/flows/intake/life/by_telephone.py",
            'item.get("held") == [HoldTrigger.EMERGENCY]',
            'HoldTrigger.EMERGENCY in item.get("held", ())',
            ("where_something_else_holds_it_too_that_it_was_told_is_not_believed",),
        ),
        Removal(
            "what names a version to come is refused",
            OF_A_VERSION,
            "        return too_early(WaitsFor.DECISION)",
            "        raise RefusedError(Refusal(act.field, RefusalReason.NOT_VALID))",
            ("a_call_about_a_version_that_has_not_come_waits_for_it_and_says_so",),
        ),
    ),
    "D2": (
        Removal(
            "a child has as many challenges as anybody sends",
            "functions/flows/intake/life/challenges.py",
            "    if _how_many(_child(event, referral)) >= MOST_CHALLENGES:",
            "    if False:",
            (
                "one_challenge_more_is_refused_by_its_field_and_the_others_go_on",
                "that_a_challenge_is_settled_makes_no_room_for_another",
            ),
        ),
        Removal(
            "a settled challenge makes room",
            "functions/flows/intake/life/challenges.py",
            " + len(child.get(_SETTLED, ()))",
            "",
            ("that_a_challenge_is_settled_makes_no_room_for_another",),
        ),
        Removal(
            "a child is part of as many investigations as anybody sends",
            "functions/flows/intake/life/police_case.py",
            "    if named.get(source, 0) >= MOST_INVESTIGATIONS:",
            "    if False:",
            ("one_investigation_more_is_refused_by_its_field_and_the_others_go_on",),
        ),
        Removal(
            "as many agencies are asked as anybody names",
            "functions/flows/intake/life/acknowledged.py",
            "    if len(known.union(map(thread_of, hearers.agencies))) > MOST_ASKED:",
            "    if False:",
            ("one_agency_more_to_be_asked_is_refused_and_one_that_was_asked_is_asked_again",),
        ),
        Removal(
            "a child is told of as often as anybody likes",
            "functions/flows/intake/taken_in.py",
            "    if any(one.number > MOST_UPDATES for one in taken.updates):",
            "    if False:",
            ("one_update_more_than_a_child_is_told_of_is_refused",),
        ),
        Removal(
            "as many events wait as anybody sends",
            "functions/flows/intake/take_lifecycle.py",
            "        if _how_many_wait(event.referral_ref, arrival.source, desk) >= MOST_WAITING:",
            "        if False:",
            ("one_event_more_that_waits_is_refused_until_the_others_wait_no_more",),
        ),
        Removal(
            "what one source sends shuts out another",
            "functions/flows/intake/take_lifecycle.py",
            'sum(item["source"] == source for item in desk.lifecycle.waiting(ref))',
            "len(desk.lifecycle.waiting(ref))",
            ("what_one_source_has_waiting_shuts_no_other_out",),
        ),
        Removal(
            "what one source names shuts out another",
            "functions/flows/intake/life/police_case.py",
            "    if named.get(source, 0) >= MOST_INVESTIGATIONS:",
            "    if sum(named.values()) >= MOST_INVESTIGATIONS:",
            ("investigations_that_a_feed_names_without_end_keep_back_no_others_closure",),
        ),
        Removal(
            "what is about no child of the referral is kept",
            "functions/flows/intake/life/happening.py",
            '    if "received_at" in referral.head and child not in referral.children:',
            "    if False:",
            ("once_the_referral_is_here_nothing_of_the_police_waits_for_a_child_that_it_does_not_list",),
        ),
        Removal(
            "the bounds are wider than an item",
            "functions/domain/bounds.py",
            "MOST_CHALLENGES: Final = 50",
            "MOST_CHALLENGES: Final = 75",
            ("a_child_of_which_everything_is_at_its_bound_takes_a_twentieth_of_an_item",),
        ),
        Removal(
            "what waited and is too much refuses the event that it waited for",
            "functions/flows/intake/take_waiting.py",
            "        _refuse(event, exc.refusal, item, of, desk)\n        return True",
            "        raise",
            ("one_that_is_too_much_when_its_referral_comes_is_refused_and_the_referral_is_not",),
        ),
    ),
    **OF_THE_CONSOLE,
}
"""There is no F21. W1 is of clocks, which came later; those of C are of the live counts, which tell nobody of
an outcome; those of S and D of whoever sends what nobody could have meant, or uses a link too often; those of
V of whoever looks at the console."""
