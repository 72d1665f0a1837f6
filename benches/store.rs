//! Writes that are on the disk before anybody is told, from many threads, and what opening and
//! auditing a large log takes. The folder decides: `PAIDAN_BENCH_FOLDER` names one on the disk to
//! be measured.
//!
//! `cargo bench --bench store`; `-- --test` does everything once.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use paidan::desk::event::{Draft, Stream};
use paidan::desk::hash::Hash;
use paidan::desk::payload::Payload;
use paidan::store::audit::audit;
use paidan::store::row::Answer;
use paidan::store::{About, Batch, Log as _, Memory, Sqlite, Store, Write};

/// Batches each thread writes in one measurement.
const BATCHES: u64 = 50;
/// Events of the large log, and streams they belong to.
const LARGE: (u64, u64) = (200_000, 10_000);

fn folder(name: &str) -> PathBuf {
    let base = env::var("PAIDAN_BENCH_FOLDER");
    let base = base.map_or_else(|_| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("paidan-bench-store").join(name);
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn draft(number: u64) -> Draft {
    let payload = Payload::of(&serde_json::json!({
        "client": "C-1042", "service": "tax-filing", "number": number, "why": "加急",
    }));
    Draft {
        at_ms: 1_700_000_000_000,
        actor: "key/pd_7f3a".to_owned(),
        kind: "taken".to_owned(),
        payload: payload.expect("whole numbers and texts"),
    }
}

/// What creating a ticket writes: an event, a document, an answer and a message.
fn ticket(number: u64) -> Batch {
    let key = format!("T-{number}");
    let put = Write::PutDocument {
        kind: "ticket".to_owned(),
        key: key.clone(),
        expected_version: Some(0),
        body: Some(format!("{{\"id\":\"{key}\",\"state\":\"intake\"}}")),
        at_ms: 0,
        actor: "key/pd_7f3a".to_owned(),
    };
    let answer = Answer {
        scope: "pd_7f3a/tickets".to_owned(),
        key: key.clone(),
        digest: Hash::of(key.as_bytes()),
        status: 201,
        body: format!("{{\"id\":\"{key}\"}}").into_bytes(),
        created_ms: 0,
        expires_ms: 86_400_000,
    };
    let hook = Write::Enqueue { about: About::New(0), target: "hook".to_owned(), next_ms: 0 };
    let events = Batch::new().append(&Stream::new("ticket", key), 0, vec![draft(number)]);
    events.and(put).and(Write::Answer(answer)).and(hook)
}

/// One event on a stream of its own.
fn small(number: u64) -> Batch {
    Batch::new().append(&Stream::new("ticket", format!("T-{number}")), 0, vec![draft(number)])
}

/// Has `threads` threads write [`BATCHES`] each.
fn crowd(store: &dyn Store, threads: u64, next: &AtomicU64, batch: fn(u64) -> Batch) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..BATCHES {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    black_box(store.commit(batch(number)).expect("the disk has room"));
                }
            });
        }
    });
}

fn writes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("durable batches");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (what, batch) in [("event", small as fn(u64) -> Batch), ("ticket", ticket)] {
        for threads in [1, 8, 64] {
            let path = folder(&format!("{what}-{threads}")).join("desk.db");
            let store = Sqlite::create_or_open(&path).expect("the folder can be written to");
            let next = AtomicU64::new(0);
            group.throughput(Throughput::Elements(threads * BATCHES));
            group.bench_function(format!("{what}, {threads} threads"), |bencher| {
                bencher.iter(|| crowd(&store, threads, &next, batch));
            });
        }
    }
    group.finish();
}

fn large_log(criterion: &mut Criterion) {
    let is_test = env::args().any(|argument| argument == "--test");
    let (events, streams) = if is_test { (2_000, 100) } else { LARGE };
    let path = folder("large").join("desk.db");
    let store = Sqlite::create_or_open(&path).expect("the folder can be written to");
    for round in 0..events / streams {
        let batch = (0..streams).fold(Batch::new(), |batch, stream| {
            let stream = Stream::new("ticket", format!("T-{stream}"));
            batch.append(&stream, round, vec![draft(round)])
        });
        store.commit(batch).expect("the disk has room");
    }
    let mut group = criterion.benchmark_group(format!("log of {events} events"));
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("one stream", |bencher| {
        let stream = Stream::new("ticket", "T-77");
        bencher.iter(|| black_box(store.stream(&stream, 0, 1_000).expect("it can be read")));
    });
    group.bench_function("heads", |bencher| bencher.iter(|| store.heads().expect("readable")));
    group.bench_function("audit", |bencher| {
        bencher.iter(|| audit(&store, Vec::new(), None, &mut |_| {}).expect("it can be read"));
    });
    group.bench_function("open", |bencher| {
        bencher.iter(|| Sqlite::open(&path).expect("it is whole"));
    });
    group.finish();
}

/// What the hashing and the threads alone take.
fn memory(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sealed");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one event", |bencher| {
        bencher.iter(|| Memory::new().commit(small(1)).expect("there is room"));
    });
    group.finish();
}

criterion_group!(benches, writes, large_log, memory);
criterion_main!(benches);
