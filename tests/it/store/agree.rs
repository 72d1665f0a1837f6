//! Random batches, sensible or not, to both stores: same outcomes, same rows.

use paidan::desk::hash::Hash;
use paidan::desk::personal::PersonalText;
use paidan::solver::rng::Rng;
use paidan::store::audit::audit;
use paidan::store::row::{Access, Answer, ApiKey};
use paidan::store::{About, Batch, Failure, Memory, Receipt, Refusal, Sqlite, Store, Write};

use super::{drafts, folder, ticket};

/// Histories.
const SEEDS: u64 = 12;
/// Batches of each.
const BATCHES: i64 = 60;

fn key(rng: &mut Rng) -> String {
    ["A", "B", "a/b", "甲"][rng.below(4)].to_owned()
}

/// A number near those that occur, or none at all.
fn expected(rng: &mut Rng) -> Option<u64> {
    (rng.chance(700)).then(|| rng.below(4) as u64)
}

fn text(rng: &mut Rng) -> PersonalText {
    let salt = [u8::try_from(rng.below(3)).unwrap(); 16];
    PersonalText { subject: key(rng), salt, text: "王芳".to_owned() }
}

fn document(rng: &mut Rng, now: i64) -> Write {
    Write::PutDocument {
        kind: ["client", "person"][rng.below(2)].to_owned(),
        key: key(rng),
        expected_version: expected(rng),
        body: rng.chance(800).then(|| format!("{{\"now\":{now}}}")),
        at_ms: now,
        actor: "li".to_owned(),
    }
}

fn answer(rng: &mut Rng, now: i64) -> Write {
    Write::Answer(Answer {
        scope: "desk".to_owned(),
        key: key(rng),
        digest: Hash::of(&[1]),
        status: 201,
        body: vec![0, 255],
        created_ms: now,
        expires_ms: now + rng.range(1, 30),
    })
}

fn api_key(rng: &mut Rng, now: i64) -> Write {
    Write::PutKey(ApiKey {
        prefix: format!("pd_{}", rng.below(30)),
        hash: Hash::of(&now.to_be_bytes()),
        role: "auditor".to_owned(),
        scopes: vec![key(rng), "\"quoted\"".to_owned()],
        people: Vec::new(),
        created_ms: now,
        expires_ms: rng.chance(500).then_some(now + 9),
        rotated_from: rng.chance(500).then(|| key(rng)),
        revoked_ms: None,
    })
}

fn about(rng: &mut Rng) -> About {
    if rng.chance(500) { About::New(rng.below(2)) } else { About::Old(rng.below(9) as u64) }
}

/// A write that may or may not be possible.
fn write(rng: &mut Rng, now: i64) -> Write {
    let id = rng.below(8) as u64;
    match rng.below(22) {
        0..4 => Write::Append {
            stream: ticket(&key(rng)),
            expected_seq: expected(rng).filter(|seq| *seq < 2),
            drafts: drafts(rng.range(0, 3)),
        },
        4 => Write::PutText(text(rng)),
        5 => Write::EraseText { hash: text(rng).hash(), at_ms: now },
        6 => Write::EraseTextsOf { subject: key(rng), at_ms: now },
        7 => document(rng, now),
        8 => Write::EraseDocument { kind: "client".to_owned(), key: key(rng) },
        9 => answer(rng, now),
        10 => Write::DropAnswers { now_ms: now, most: 99 },
        11 => Write::Enqueue { about: about(rng), target: key(rng), next_ms: now },
        12 => {
            let said = "503".to_owned();
            Write::Attempted { id, next_ms: now + 5, is_dead: rng.chance(300), said }
        }
        13 => Write::Delivered { id },
        16 => Write::DropDocument { kind: "person".to_owned(), key: key(rng) },
        17 => Write::Need { kind: "client".to_owned(), key: key(rng) },
        18 => mark(rng),
        19 => Write::DropAccesses { before_ms: now - 9, most: 2 },
        20 => Write::DropDead { before_ms: now - 9, most: 2 },
        21 => Write::EraseEarlier { kind: "client".to_owned(), key: key(rng) },
        14 => Write::Access(Access {
            at_ms: now,
            actor: key(rng),
            verb: "read".to_owned(),
            kind: "client".to_owned(),
            key: key(rng),
            detail: String::new(),
        }),
        _ if rng.chance(500) => api_key(rng, now),
        _ => Write::RevokeKey { prefix: format!("pd_{}", rng.below(30)), at_ms: now },
    }
}

fn mark(rng: &mut Rng) -> Write {
    let (kind, key) = (["open", "away"][rng.below(2)].to_owned(), key(rng));
    match rng.below(7) {
        0 => Write::UnmarkAll { kind },
        1 | 2 => Write::Unmark { kind, key },
        _ => Write::Mark { kind, key, body: rng.below(9).to_string() },
    }
}

fn outcome(store: &dyn Store, batch: &Batch) -> Result<Receipt, Refusal> {
    match store.commit(batch.clone()) {
        Ok(receipt) => Ok(receipt),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other:?}"),
    }
}

/// Everything that can be asked.
fn all(store: &dyn Store, now: i64) -> String {
    let mut said = format!("{:?}\n{:?}\n", store.events(0, 999), store.heads());
    said += &format!(
        "{:?}\n{:?}\n{:?}\n",
        store.texts(None, 999),
        store.keys(Some("pd_1"), 9),
        store.dead(0, 99)
    );
    said += &format!("{:?}\n", store.due(now, 99));
    for (after, before) in [("", None), ("A", Some("甲")), ("a/", Some("a0"))] {
        said += &format!("{:?}\n", store.marks("open", after, before, 9));
        said += &format!("{:?}\n", store.marks("away", after, before, 1));
    }
    said += &format!("{:?}\n", store.mark("open", "A"));
    for key in ["A", "B", "a/b", "甲"] {
        said += &format!("{:?}\n", store.stream(&ticket(key), 1, 99));
        said +=
            &format!("{:?}\n{:?}\n", store.texts_of(key, None, 2), store.accesses_by(key, None, 9));
        said += &format!("{:?}\n", store.accesses_to(("client", key), Some(7), 2));
        said += &format!("{:?}\n", store.answer("desk", key, now));
        for kind in ["client", "person"] {
            said += &format!("{:?}\n", store.document(kind, key));
            said += &format!("{:?}\n", store.history(kind, key, Some(3), 9));
            said += &format!("{:?}\n", store.documents(kind, Some(key), 9));
        }
    }
    said
}

#[test]
fn both_stores_do_the_same_with_any_batch() {
    let folder = folder("agree");
    let (mut written, mut refused) = (0, 0);
    for seed in 0..SEEDS {
        let mut rng = Rng::new(seed, 76);
        let path = folder.join(format!("{seed}.db"));
        let (memory, file) = (Memory::new(), Sqlite::create_or_open(&path).unwrap());
        for now in 0..BATCHES {
            let batch = (0..rng.range(1, 4)).fold(Batch::new(), |b, _| b.and(write(&mut rng, now)));
            let outcome_in_memory = outcome(&memory, &batch);
            assert_eq!(outcome_in_memory, outcome(&file, &batch), "seed {seed}: {batch:?}");
            if outcome_in_memory.is_ok() { written += 1 } else { refused += 1 }
        }
        assert_eq!(all(&memory, BATCHES), all(&file, BATCHES), "seed {seed}");
        drop(file);
        let file = Sqlite::open(&path).unwrap();
        assert_eq!(all(&memory, BATCHES), all(&file, BATCHES), "seed {seed}, opened again");
        assert_eq!(audit(&file, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
    }
    assert!(written > 100 && refused > 100, "{written} written, {refused} refused");
}
