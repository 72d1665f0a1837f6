//! What every store promises.

use paidan::desk::chain::check_chain;
use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::event::{Event, Head};
use paidan::desk::hash::Hash;
use paidan::desk::personal::PersonalText;
use paidan::desk::signature::SecretKey;
use paidan::store::audit::audit;
use paidan::store::row::{Access, Answer, ApiKey, Delivery, Document, Text};
use paidan::store::{About, Batch, Failure, MOST_ROWS, Refusal, Store, Write};

use super::{both, drafts, ticket};

/// The refusal of `batch`.
fn refusal(store: &dyn Store, batch: Batch) -> Refusal {
    match store.commit(batch) {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn put(key: &str, expected_version: Option<u64>, body: Option<&str>) -> Write {
    let (kind, key, actor) = ("client".to_owned(), key.to_owned(), "li".to_owned());
    Write::PutDocument {
        kind,
        key,
        expected_version,
        body: body.map(str::to_owned),
        at_ms: 5,
        actor,
    }
}

fn answer(key: &str, created_ms: i64) -> Answer {
    Answer {
        scope: "desk/tickets".to_owned(),
        key: key.to_owned(),
        digest: Hash::of(b"body"),
        status: 201,
        body: b"{}".to_vec(),
        created_ms,
        expires_ms: created_ms + 100,
    }
}

fn text(subject: &str, salt: u8, text: &str) -> PersonalText {
    PersonalText { subject: subject.to_owned(), salt: [salt; 16], text: text.to_owned() }
}

/// R076: events are found again as they were sealed, by stream and by position.
#[test]
fn events_are_read_by_stream_and_by_position_in_pages() {
    both("pages", |store| {
        for round in 0..3 {
            let batch = Batch::new().append(&ticket("T-1"), 2 * round, drafts(2));
            let receipt = store.commit(batch.append(&ticket("T-2"), round, drafts(1))).unwrap();
            let numbers: Vec<_> = receipt.events.iter().map(|e| (e.seq, e.position)).collect();
            let at = 3 * round;
            assert_eq!(
                numbers,
                [(2 * round + 1, at + 1), (2 * round + 2, at + 2), (round + 1, at + 3)]
            );
        }
        let own = store.stream(&ticket("T-1"), 0, 100).unwrap();
        assert_eq!(check_chain(&own), []);
        assert_eq!(own.len(), 6);
        assert_eq!(store.stream(&ticket("T-1"), 2, 3).unwrap(), own[2..5]);
        assert_eq!(store.stream(&ticket("T-9"), 0, 3).unwrap(), []);
        let all = store.events(0, usize::MAX).unwrap();
        assert_eq!(
            all.iter().map(|event| event.position).collect::<Vec<_>>(),
            (1..=9).collect::<Vec<_>>()
        );
        assert_eq!(store.events(4, 2).unwrap(), all[4..6]);
        assert_eq!((store.end().unwrap(), store.events(9, 1).unwrap()), (9, Vec::<Event>::new()));
        assert_eq!(store.head(&ticket("T-1")).unwrap(), own[5].head());
        assert_eq!(store.head(&ticket("T-9")).unwrap(), Head::NONE);
        let heads = store.heads().unwrap();
        assert_eq!(heads.position, 9);
        assert_eq!(heads.heads, [(ticket("T-1"), own[5].head()), (ticket("T-2"), all[8].head())]);
    });
}

#[test]
fn a_page_has_an_end_whatever_is_asked_for() {
    both("page", |store| {
        store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(1_005))).unwrap();
        assert_eq!(store.events(0, usize::MAX).unwrap().len(), MOST_ROWS);
        assert_eq!(store.stream(&ticket("T-1"), 1_000, usize::MAX).unwrap().len(), 5);
    });
}

#[test]
fn events_for_a_stream_that_has_moved_on_are_refused_and_told_where_it_is() {
    both("moved", |store| {
        store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(2))).unwrap();
        for expected in [0, 1, 3] {
            let refused = refusal(store, Batch::new().append(&ticket("T-1"), expected, drafts(1)));
            assert_eq!(refused, Refusal::Moved { stream: ticket("T-1"), expected, actual: 2 });
        }
        let (stream, drafts) = (ticket("T-1"), drafts(1));
        let anyhow = Write::Append { stream, expected_seq: None, drafts };
        assert_eq!(store.commit(Batch::new().and(anyhow)).unwrap().events[0].seq, 3);
    });
}

#[test]
fn nothing_to_say_begins_no_stream() {
    both("nothing", |store| {
        store.commit(Batch::new().append(&ticket("T-1"), 0, Vec::new())).unwrap();
        store.commit(Batch::new()).unwrap();
        assert_eq!(store.heads().unwrap().heads, []);
    });
}

/// What a request handler writes together is there together, or not at all.
#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    both("whole", |store| {
        let all = |expected| {
            let enqueue =
                Write::Enqueue { about: About::New(0), target: "hook".to_owned(), next_ms: 7 };
            Batch::new()
                .and(Write::PutText(text("client/C1", 1, "王芳")))
                .append(&ticket("T-1"), 0, drafts(1))
                .and(put("C1", Some(0), Some("{}")))
                .and(enqueue)
                .and(Write::Answer(answer("k1", 0)))
                .append(&ticket("T-2"), expected, drafts(1))
        };
        refusal(store, all(5));
        assert_eq!(store.end().unwrap(), 0);
        assert_eq!(store.heads().unwrap().heads, []);
        assert_eq!(store.text(&text("client/C1", 1, "王芳").hash()).unwrap(), None);
        assert_eq!(store.document("client", "C1").unwrap(), None);
        assert_eq!(store.due(100, 9).unwrap(), []);
        assert_eq!(store.answer("desk/tickets", "k1", 0).unwrap(), None);
        let receipt = store.commit(all(0)).unwrap();
        assert_eq!(
            (receipt.events.len(), receipt.versions, receipt.deliveries),
            (2, vec![1], vec![1])
        );
        assert_eq!(store.end().unwrap(), 2);
        assert_eq!(store.due(100, 9).unwrap()[0].position, 1);
        assert!(store.answer("desk/tickets", "k1", 0).unwrap().is_some());
    });
}

/// R243: an erased personal text leaves the chain whole, and only its hash behind.
#[test]
fn an_erased_text_leaves_the_chain_whole() {
    both("erased", |store| {
        let texts = [
            text("client/C1", 1, "王芳"),
            text("client/C1", 2, "13800000000"),
            text("client/C2", 3, "李强"),
        ];
        let batch =
            texts.iter().fold(Batch::new(), |batch, t| batch.and(Write::PutText(t.clone())));
        store.commit(batch.append(&ticket("T-1"), 0, drafts(3))).unwrap();
        let hashes = texts.each_ref().map(PersonalText::hash);
        assert_eq!(store.text(&hashes[0]).unwrap(), Some(Text::Kept(texts[0].clone())));
        assert_eq!(store.texts_of("client/C1", None, 9).unwrap().len(), 2);

        let (hash, at_ms) = (hashes[0], 50);
        store.commit(Batch::new().and(Write::EraseText { hash, at_ms })).unwrap();
        assert_eq!(store.text(&hash).unwrap(), Some(Text::Erased(50)));
        assert_eq!(store.text(&hashes[1]).unwrap(), Some(Text::Kept(texts[1].clone())));

        let (subject, at_ms) = ("client/C1".to_owned(), 60);
        store.commit(Batch::new().and(Write::EraseTextsOf { subject, at_ms })).unwrap();
        assert_eq!(store.text(&hash).unwrap(), Some(Text::Erased(50)), "erased once");
        assert_eq!(store.text(&hashes[1]).unwrap(), Some(Text::Erased(60)));
        assert_eq!(store.text(&hashes[2]).unwrap(), Some(Text::Kept(texts[2].clone())));

        let unknown = Write::EraseText { hash: Hash::of(b"unknown"), at_ms };
        assert!(matches!(refusal(store, Batch::new().and(unknown)), Refusal::Unknown(_)));
        let mut sorted = hashes;
        sorted.sort();
        let all = store.texts(None, 9).unwrap();
        assert_eq!(all.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(), sorted);
        assert_eq!(store.texts(Some(&sorted[0]), 1).unwrap()[0].0, sorted[1]);
        assert_eq!(audit(store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
    });
}

#[test]
fn documents_have_versions_and_a_history() {
    both("documents", |store| {
        for (version, body) in [(0, Some("一")), (1, Some("二")), (2, None), (3, Some("四"))] {
            let receipt = store.commit(Batch::new().and(put("C1", Some(version), body))).unwrap();
            assert_eq!(receipt.versions, [version + 1]);
        }
        store.commit(Batch::new().and(put("C2", None, Some("x")))).unwrap();
        let latest = store.document("client", "C1").unwrap().unwrap();
        let expected = Document {
            kind: "client".to_owned(),
            key: "C1".to_owned(),
            version: 4,
            body: Some("四".to_owned()),
            at_ms: 5,
            actor: "li".to_owned(),
        };
        assert_eq!(latest, expected);
        let second = store.version("client", "C1", 2).unwrap().unwrap();
        assert_eq!(second.body.as_deref(), Some("二"));
        assert_eq!(store.version("client", "C1", 5).unwrap(), None);
        let numbers = |before, most| -> Vec<u64> {
            let history = store.history("client", "C1", before, most).unwrap();
            history.iter().map(|document| document.version).collect()
        };
        assert_eq!(numbers(None, 9), [4, 3, 2, 1]);
        assert_eq!(numbers(Some(4), 2), [3, 2]);
    });
}

/// Two planners publish at once: one wins, the other is told the version there is.
#[test]
fn a_document_that_has_another_version_is_not_overwritten() {
    both("revised", |store| {
        store.commit(Batch::new().and(put("C1", Some(0), Some("一")))).unwrap();
        for expected in [0, 2] {
            let refused = refusal(store, Batch::new().and(put("C1", Some(expected), Some("x"))));
            let (kind, key) = ("client".to_owned(), "C1".to_owned());
            assert_eq!(refused, Refusal::Revised { kind, key, expected, actual: 1 });
        }
    });
}

#[test]
fn documents_taken_away_or_erased_are_not_listed() {
    both("listed", |store| {
        for key in ["C1", "C2", "C3", "C4"] {
            store.commit(Batch::new().and(put(key, None, Some(key)))).unwrap();
        }
        let listed = |after, most| -> Vec<String> {
            let there = store.documents("client", after, most).unwrap();
            there.into_iter().map(|document| document.key).collect()
        };
        assert_eq!(listed(Some("C1"), 2), ["C2", "C3"]);
        store.commit(Batch::new().and(put("C2", None, None))).unwrap();
        let erase =
            |key: &str| Write::EraseDocument { kind: "client".to_owned(), key: key.to_owned() };
        store.commit(Batch::new().and(erase("C3"))).unwrap();
        assert_eq!(listed(None, 9), ["C1", "C4"]);
        assert_eq!(store.documents("person", None, 9).unwrap(), []);
        assert_eq!(store.version("client", "C3", 1).unwrap().unwrap().body, None);
        assert!(matches!(refusal(store, Batch::new().and(erase("C9"))), Refusal::Unknown(_)));
        // An erased document may come back, in a version of its own.
        store.commit(Batch::new().and(put("C3", Some(1), Some("new")))).unwrap();
        assert_eq!(listed(None, 9), ["C1", "C3", "C4"]);
        // Only what is behind the last version goes, and only of this document.
        let earlier =
            |key: &str| Write::EraseEarlier { kind: "client".to_owned(), key: key.to_owned() };
        store.commit(Batch::new().and(put("C1", None, Some("late")))).unwrap();
        store.commit(Batch::new().and(earlier("C1")).and(earlier("C9"))).unwrap();
        let body =
            |key: &str, version| store.version("client", key, version).unwrap().unwrap().body;
        let last = store.document("client", "C1").unwrap().unwrap();
        assert_eq!(last.body.as_deref(), Some("late"));
        assert!((1..last.version).all(|version| body("C1", version).is_none()));
        assert!(body("C4", 1).is_some());
    });
}

#[test]
fn a_request_is_answered_once_until_its_answer_counts_no_more() {
    both("answers", |store| {
        let write = |created_ms| Batch::new().and(Write::Answer(answer("k1", created_ms)));
        store.commit(write(0)).unwrap();
        assert_eq!(refusal(store, write(99)), Refusal::Answered(Box::new(answer("k1", 0))));
        assert_eq!(store.answer("desk/tickets", "k1", 99).unwrap(), Some(answer("k1", 0)));
        assert_eq!(store.answer("desk/tickets", "k1", 100).unwrap(), None);
        assert_eq!(store.answer("other", "k1", 0).unwrap(), None);
        store.commit(write(100)).unwrap();
        assert_eq!(store.answer("desk/tickets", "k1", 100).unwrap(), Some(answer("k1", 100)));
        let drop = |now_ms| Batch::new().and(Write::DropAnswers { now_ms, most: 9 });
        store.commit(drop(199)).unwrap();
        assert!(store.answer("desk/tickets", "k1", 100).unwrap().is_some());
        store.commit(drop(200)).unwrap();
        assert_eq!(store.answer("desk/tickets", "k1", 100).unwrap(), None);
    });
}

#[test]
fn messages_are_due_until_they_are_delivered_or_given_up() {
    both("outbox", |store| {
        store.commit(Batch::new().append(&ticket("T-1"), 0, drafts(2))).unwrap();
        let enqueue = |about, next_ms| Write::Enqueue { about, target: "hook".to_owned(), next_ms };
        let batch = Batch::new().and(enqueue(About::Old(2), 30)).and(enqueue(About::Old(1), 10));
        assert_eq!(store.commit(batch).unwrap().deliveries, [1, 2]);
        let due = |now| -> Vec<u64> {
            store.due(now, 9).unwrap().iter().map(|delivery| delivery.id).collect()
        };
        assert_eq!((due(9), due(10), due(30)), (vec![], vec![2], vec![2, 1]));
        let first = |now, but: &[&str]| {
            let but = but.iter().map(|&target| target.to_owned()).collect();
            store.first_due(now, &but).unwrap().map(|delivery| delivery.id)
        };
        assert_eq!((first(9, &[]), first(30, &[]), first(30, &["x"])), (None, Some(2), Some(2)));
        assert_eq!(first(30, &["x", "hook"]), None);
        let said = "503".to_owned();
        let again = Write::Attempted { id: 2, next_ms: 40, is_dead: false, said: said.clone() };
        store.commit(Batch::new().and(again)).unwrap();
        assert_eq!((due(39), due(40)), (vec![1], vec![1, 2]));
        let dead = Write::Attempted { id: 2, next_ms: 40, is_dead: true, said: said.clone() };
        store.commit(Batch::new().and(dead)).unwrap();
        assert_eq!(due(99), [1]);
        let (target, said) = ("hook".to_owned(), Some(said));
        let given_up =
            Delivery { id: 2, position: 1, target, attempts: 2, next_ms: 40, is_dead: true, said };
        assert_eq!(store.dead(0, 9).unwrap(), [given_up]);
        assert_eq!(store.dead(2, 9).unwrap(), []);
        store.commit(Batch::new().and(Write::Delivered { id: 1 })).unwrap();
        assert_eq!(due(99), Vec::<u64>::new());
        for unknown in
            [Write::Delivered { id: 1 }, enqueue(About::Old(3), 0), enqueue(About::New(0), 0)]
        {
            assert!(matches!(refusal(store, Batch::new().and(unknown)), Refusal::Unknown(_)));
        }
        // Numbers are not used again.
        assert_eq!(
            store.commit(Batch::new().and(enqueue(About::Old(1), 0))).unwrap().deliveries,
            [3]
        );
    });
}

/// R244: who looked at what is told by the thing and by the actor, the latest first.
#[test]
fn accesses_are_told_by_thing_and_by_actor() {
    both("accesses", |store| {
        let access = |at_ms, actor: &str, key: &str| Access {
            at_ms,
            actor: actor.to_owned(),
            verb: "read".to_owned(),
            kind: "client".to_owned(),
            key: key.to_owned(),
            detail: String::new(),
        };
        let all = [access(1, "li", "C1"), access(2, "wang", "C1"), access(3, "li", "C2")];
        let batch = all.iter().fold(Batch::new(), |batch, a| batch.and(Write::Access(a.clone())));
        store.commit(batch).unwrap();
        let row = |number: u64, at: usize| (number, all[at].clone());
        let client = ("client", "C1");
        assert_eq!(store.accesses_to(client, None, 9).unwrap(), [row(2, 1), row(1, 0)]);
        assert_eq!(store.accesses_to(client, Some(2), 9).unwrap(), [row(1, 0)]);
        assert_eq!(store.accesses_by("li", None, 1).unwrap(), [row(3, 2)]);
        assert_eq!(store.accesses_to(("person", "C1"), None, 9).unwrap(), []);
    });
}

#[test]
fn a_key_is_found_by_its_prefix_and_can_be_taken_back() {
    both("keys", |store| {
        let key = |prefix: &str, from: Option<&str>| ApiKey {
            prefix: prefix.to_owned(),
            hash: Hash::of(prefix.as_bytes()),
            role: "dispatcher".to_owned(),
            scopes: vec!["plan".to_owned(), "quote".to_owned()],
            people: Vec::new(),
            created_ms: 1,
            expires_ms: Some(9),
            rotated_from: from.map(str::to_owned),
            revoked_ms: None,
        };
        let (first, second) = (key("pd_b", None), key("pd_a", Some("pd_b")));
        store.commit(Batch::new().and(Write::PutKey(first.clone()))).unwrap();
        assert!(matches!(
            refusal(store, Batch::new().and(Write::PutKey(first.clone()))),
            Refusal::Taken(_)
        ));
        let revoke = |prefix: &str, at_ms| Write::RevokeKey { prefix: prefix.to_owned(), at_ms };
        let rotate = Batch::new().and(Write::PutKey(second.clone())).and(revoke("pd_b", 5));
        store.commit(rotate).unwrap();
        store.commit(Batch::new().and(revoke("pd_b", 6))).unwrap();
        let revoked = ApiKey { revoked_ms: Some(5), ..first };
        assert_eq!(store.key("pd_b").unwrap(), Some(revoked.clone()));
        assert_eq!(store.keys(Some("pd_a"), 9).unwrap(), std::slice::from_ref(&revoked));
        assert_eq!(store.keys(None, 1).unwrap(), std::slice::from_ref(&second));
        assert_eq!(store.keys(None, 9).unwrap(), [second, revoked]);
        assert_eq!(store.key("pd_c").unwrap(), None);
        assert!(matches!(refusal(store, Batch::new().and(revoke("pd_c", 6))), Refusal::Unknown(_)));
    });
}

#[test]
fn checkpoints_are_kept_and_hold() {
    both("checkpoints", |store| {
        let key = SecretKey::new(&[7; 32]);
        let mut taken = Vec::new();
        for round in 0..3 {
            store.commit(Batch::new().append(&ticket("T-1"), round, drafts(1))).unwrap();
            let now = store.heads().unwrap();
            let heads = now.heads.iter().map(|(stream, head)| (stream, *head));
            let checkpoint = Checkpoint::take(now.position, 0, heads, &key);
            store.commit(Batch::new().and(Write::Checkpoint(checkpoint.clone()))).unwrap();
            taken.push(checkpoint);
        }
        assert_eq!(store.checkpoints().unwrap(), taken);
        let found = audit(store, taken, Some(&key.public()), &mut |_| {}).unwrap();
        assert_eq!((found.faults, found.events, found.end), (Vec::new(), 3, 3));
    });
}

/// Every refusal is told in both languages, under a code of its own.
#[test]
fn refusals_have_codes_and_sentences() {
    let (kind, key) = ("plan".to_owned(), "current".to_owned());
    let all = [
        Refusal::Moved { stream: ticket("T-1"), expected: 1, actual: 2 },
        Refusal::Revised { kind, key, expected: 1, actual: 2 },
        Refusal::Answered(Box::new(answer("k1", 0))),
        Refusal::Taken("key pd_a".to_owned()),
        Refusal::Unknown("delivery 7".to_owned()),
        Refusal::Missing { kind: "client".to_owned(), key: "C1".to_owned() },
    ];
    let codes: Vec<_> = all.iter().map(Refusal::code).collect();
    assert_eq!(codes, ["D001", "D002", "D003", "D004", "D005", "D007"]);
    for refusal in all {
        let label = Failure::from(refusal).label();
        assert!(label.zh.contains('：') && label.en.contains(": "), "{label}");
    }
}
