//! A server killed at any moment loses nothing it acknowledged: the ticket, its answer to the same
//! request, its message in the outbox and its marks are all there when it is started again.
//!
//! `PAIDAN_SERVE_KILLS=200 cargo test --test it http::killed` does it two hundred times.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use paidan::desk::event::Stream;
use paidan::solver::rng::Rng;
use paidan::store::audit::audit;
use paidan::store::{Documents as _, Log as _, Marks as _, Outbox as _, Sqlite};

/// How often the server is killed, when it is said.
const KILLS: &str = "PAIDAN_SERVE_KILLS";
/// How often else.
const FEW: usize = 15;
/// After so many a new database is begun, so that looking through it stays short.
const IN_ONE: usize = 5;
/// Connections that create tickets at once.
const CONNECTIONS: usize = 4;
/// The most creations told before a kill.
const MOST: usize = 60;

/// A server in a process of its own.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(db: &Path) -> Server {
        Server::start_with(db, &[])
    }

    fn start_with(db: &Path, more: &[&str]) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_paidan"))
            .args(["serve", "--lang", "en", "--listen", "127.0.0.1:0", "--rate", "0", "--db"])
            .arg(db)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = said.find_map(|line| {
            Some(line.split_once("http://")?.1.split([' ', '/']).next()?.to_owned())
        });
        let address = address.expect("it says where it listens");
        thread::spawn(move || said.for_each(drop));
        Server { process, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: nothing is written any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Creates the ticket called `id`; its answer when all of it came, else nothing is known.
fn create(address: &str, key: &str, id: &str) -> Option<String> {
    let body = format!(
        "{{\"id\":\"{id}\",\"channel\":\"ticketing\",\"steps\":[{{\"id\":\"work\",\
         \"minutes\":60,\"seats\":[{{\"skill\":\"tax\"}}]}}]}}"
    );
    ask(address, key, &format!("idempotency-key: {id}\r\n"), "/v1/tickets", &body)
}

/// The body of the answer to `POST path`, which has to be a success.
fn ask(address: &str, key: &str, header: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer \
         {key}\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.to_owned();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "))?;
    let is_whole = length.parse() == Ok(body.len());
    assert!(!is_whole || status.starts_with("HTTP/1.1 201"), "{answer}");
    is_whole.then(|| body.to_owned())
}

fn key(db: &Path) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_paidan"))
        .args(["key", "create", "--role", "administrator", "--db"])
        .arg(db)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Creates tickets until the server is gone, and tells of those that were acknowledged.
fn create_without_end(
    (address, key): (&str, &str),
    next: &AtomicUsize,
    is_over: &AtomicBool,
    tell: &Sender<(String, String)>,
) {
    while !is_over.load(Ordering::Relaxed) {
        let id = format!("K-{}", next.fetch_add(1, Ordering::Relaxed));
        if let Some(answer) = create(address, key, &id) {
            tell.send((id, answer)).unwrap();
        }
    }
}

/// Starts the server, asks again what was answered before it was killed, has tickets created, and
/// kills it after some; what was acknowledged.
fn killed(
    (db, key): (&Path, &str),
    before: &[(String, String)],
    next: &AtomicUsize,
    rng: &mut Rng,
) -> Vec<(String, String)> {
    let server = Server::start(db);
    for (id, answer) in before {
        assert_eq!(create(&server.address, key, id).as_ref(), Some(answer), "{id} again");
    }
    let (is_over, (tell, told)) = (AtomicBool::new(false), channel());
    let address = server.address.clone();
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            let (tell, asked) = (tell.clone(), (address.as_str(), key));
            let is_over = &is_over;
            scope.spawn(move || create_without_end(asked, next, is_over, &tell));
        }
        drop(tell);
        let mut acknowledged: Vec<_> = told.iter().take(rng.below(MOST)).collect();
        drop(server);
        is_over.store(true, Ordering::Relaxed);
        acknowledged.extend(told.iter());
        acknowledged
    })
}

/// Everything that belongs to an acknowledged ticket is there, and all chains are whole.
fn look(db: &Path, acknowledged: &[(String, String)]) {
    let store = Sqlite::create_or_open(db).unwrap();
    let found = audit(&store, Vec::new(), None, &mut |_| {}).unwrap();
    assert_eq!((found.faults, found.events), (Vec::new(), found.end));
    // Nobody answers for the hook, so that every message waits still.
    let waiting = store.due(i64::MAX, 1_000).unwrap();
    for (id, _) in acknowledged {
        let document = store.document("ticket", id).unwrap().expect("it was acknowledged");
        assert_eq!(document.version, 1, "{id}");
        let events = store.stream(&Stream::new("ticket", id), 0, 9).unwrap();
        assert_eq!(events.len(), 1, "{id}");
        let is_told = waiting.iter().any(|row| row.position == events[0].position);
        assert!(is_told, "{id} has no message");
        assert!(store.mark("open", id).unwrap().is_some(), "{id} has no mark");
    }
}

/// R104, R124: acknowledged means durable, with all that goes with it.
#[test]
fn whatever_a_server_acknowledged_is_there_after_it_was_killed() {
    let kills = env::var(KILLS).map_or(FEW, |kills| kills.parse().unwrap());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("serve-killed");
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (mut rng, mut count) = (Rng::new(10, 104), 0);
    for first in (0..kills).step_by(IN_ONE) {
        let db = folder.join(format!("{first}.db"));
        let key = key(&db);
        let hook = r#"{"url":"https://hooks.invalid/in","events":["ticket.*"]}"#;
        let server = Server::start(&db);
        ask(&server.address, &key, "", "/v1/hooks", hook).expect("the hook was made");
        drop(server);
        let (next, mut before) = (AtomicUsize::new(0), Vec::new());
        for _ in first..kills.min(first + IN_ONE) {
            let acknowledged = killed((&db, &key), &before, &next, &mut rng);
            look(&db, &acknowledged);
            count += acknowledged.len();
            before = acknowledged;
        }
    }
    assert!(count > 0, "some tickets were acknowledged before the kills");
    fs::remove_dir_all(&folder).unwrap();
    let said = format!("{kills} kills, {count} acknowledged tickets, none lost\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
}

/// Who runs what is told beside the server, in the firm's own network, says so when starting it.
#[test]
fn a_server_told_so_sends_messages_inside_the_house() {
    let db = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("serve-inside.db");
    for name in ["", "-wal", "-shm", ".lock", ".serving"] {
        let _ = fs::remove_file(format!("{}{name}", db.display()));
    }
    let key = key(&db);
    let server = Server::start_with(&db, &["--hooks-inside"]);
    let hook = "{\"url\":\"http://127.0.0.1:9/in\",\"events\":[\"ticket.*\"]}";
    assert!(ask(&server.address, &key, "", "/v1/hooks", hook).is_some());
}
