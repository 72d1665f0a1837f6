//! The real server under load from this process: 64 connections that ask again as soon as they are
//! answered, on the desk of a firm of 400 people with a hook that hears of every ticket. Tells
//! requests a second, how long the slowest hundredth took, what failed, and how much memory the
//! server holds.
//!
//! `cargo bench --bench server`; `-- --seconds 600` for longer, `-- --test` for a moment each.
//! The database lies in `PAIDAN_BENCH_FOLDER`, so that it can be on the disk to be measured.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use paidan::app::clock::Since;

/// Connections open at once.
const CONNECTIONS: usize = 64;

/// What is asked again and again.
struct Load {
    name: &'static str,
    method: &'static str,
    /// The path of the request with this number.
    path: fn(u64) -> String,
    /// Its body.
    body: fn(u64) -> String,
}

const LOADS: &[Load] = &[
    Load { name: "alive", method: "GET", path: |_| "/healthz".to_owned(), body: |_| String::new() },
    Load {
        name: "create ticket",
        method: "POST",
        path: |_| "/v1/tickets".to_owned(),
        body: ticket,
    },
    Load {
        name: "read ticket",
        method: "GET",
        path: |number| format!("/v1/tickets/L-{}", number % 1_000),
        body: |_| String::new(),
    },
];

/// People of the firm.
const PEOPLE: u64 = 400;

/// A ticket of a service; every tenth states steps of its own.
fn ticket(number: u64) -> String {
    let work = if number.is_multiple_of(10) {
        "\"steps\":[{\"id\":\"work\",\"minutes\":60,\"seats\":[{\"skill\":\"tax\"}]}]"
    } else {
        "\"service\":\"filing\""
    };
    format!("{{\"id\":\"L-{number}\",\"channel\":\"ticketing\",{work}}}")
}

/// The firm: what its base says, its people, its hook, as method, path and body.
fn firm() -> Vec<(&'static str, &'static str, String)> {
    let hours = "[\"09:00-12:00\",\"13:00-18:00\"]";
    let days = ["mon", "tue", "wed", "thu", "fri"].map(|day| format!("\"{day}\":{hours}"));
    let base = format!(
        "{{\"horizon_days\":14,\"calendars\":[{{\"id\":\"office\",\"weekly\":{{{}}}}}],\
         \"skills\":[{{\"id\":\"tax\"}}],\"services\":[{{\"id\":\"filing\",\"normal\":[{{\
         \"id\":\"file\",\"minutes\":60,\"seats\":[{{\"skill\":\"tax\"}}]}}]}}]}}",
        days.join(",")
    );
    let person = |number: u64| {
        let text = format!(
            "{{\"id\":\"p-{number}\",\"skills\":[{{\"skill\":\"tax\",\"level\":3}}],\
             \"bands\":[{{\"kind\":\"regular\",\"calendar\":\"office\"}}]}}"
        );
        ("POST", "/v1/people", text)
    };
    let hook = "{\"url\":\"https://hooks.invalid/in\",\"events\":[\"ticket.*\"]}".to_owned();
    let mut all = vec![("PUT", "/v1/base", base), ("POST", "/v1/hooks", hook)];
    all.extend((0..PEOPLE).map(person));
    all
}

/// Brings the firm in.
fn settle(server: &Server) {
    let stream = TcpStream::connect(&server.address).expect("it listens");
    let mut writer = stream.try_clone().expect("sockets can be cloned");
    let mut reader = BufReader::new(stream);
    for (method, path, body) in firm() {
        let headers = if method == "PUT" { "if-none-match: *\r\n" } else { "" };
        let request = request((method, path), &server.key, headers, &body);
        writer.write_all(request.as_bytes()).expect("the server keeps connections open");
        let status = answered(&mut reader);
        assert!((200..300).contains(&status), "{method} {path}: {status}");
    }
}

fn request((method, path): (&str, &str), key: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         {headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len(),
    )
}

/// The server, ended with the value.
struct Server {
    process: Child,
    address: String,
    key: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn started(folder: &Path) -> Server {
    let program = env!("CARGO_BIN_EXE_paidan");
    let db = folder.join("desk.db");
    let made = Command::new(program)
        .args(["key", "create", "--role", "administrator", "--db"])
        .arg(&db)
        .output()
        .expect("the program runs");
    let key = String::from_utf8(made.stdout).expect("keys are ASCII").trim().to_owned();
    let mut process = Command::new(program)
        .args(["serve", "--lang", "en", "--listen", "127.0.0.1:0", "--rate", "0", "--db"])
        .arg(&db)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let said = process.stderr.take().expect("it was piped");
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| Some(line.split_once("http://")?.1.split(' ').next()?.to_owned()))
        .expect("it says where it listens");
    // What it says later must not fill the pipe.
    thread::spawn(move || lines.for_each(drop));
    Server { process, address, key }
}

/// One connection's answers.
#[derive(Default)]
struct Seen {
    /// Microseconds each took.
    took: Vec<u64>,
    /// Those of status 500 and above, and others that are no success.
    failed: [u64; 2],
}

fn asked(server: &Server, load: &Load, next: &AtomicU64, seconds: u64, begun: Since) -> Seen {
    let stream = TcpStream::connect(&server.address).expect("it listens");
    stream.set_nodelay(true).expect("sockets know it");
    let mut writer = stream.try_clone().expect("sockets can be cloned");
    let mut reader = BufReader::new(stream);
    let mut seen = Seen::default();
    while begun.microseconds() < seconds * 1_000_000 {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let (path, body) = ((load.path)(number), (load.body)(number));
        let headers = format!("idempotency-key: {number}\r\n");
        let request = request((load.method, &path), &server.key, &headers, &body);
        let sent = Since::now();
        writer.write_all(request.as_bytes()).expect("the server keeps connections open");
        let status = answered(&mut reader);
        seen.took.push(sent.microseconds());
        match status {
            ..400 => {}
            500.. => seen.failed[0] += 1,
            _ => seen.failed[1] += 1,
        }
    }
    seen
}

/// Reads one answer; its status.
fn answered(reader: &mut BufReader<TcpStream>) -> u16 {
    let (mut line, mut status, mut length) = (String::new(), 0, 0);
    loop {
        line.clear();
        reader.read_line(&mut line).expect("the server answers");
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.split_once(": ") {
            None => status = line.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0),
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the server sends what it says");
    status
}

fn measured(server: &Server, load: &Load, seconds: u64) -> String {
    let (next, begun) = (AtomicU64::new(0), Since::now());
    let seen: Vec<Seen> = thread::scope(|scope| {
        let ask = || asked(server, load, &next, seconds, begun);
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let elapsed = begun.microseconds().max(1);
    let failed = |kind: usize| seen.iter().map(|one| one.failed[kind]).sum::<u64>();
    let (faults, refused) = (failed(0), failed(1));
    let mut took: Vec<u64> = seen.into_iter().flat_map(|one| one.took).collect();
    took.sort_unstable();
    let rate = u64::try_from(took.len()).unwrap_or(0) * 1_000_000 / elapsed;
    let slowest = |hundredths: usize| took.get(took.len() * hundredths / 100).copied().unwrap_or(0);
    format!(
        "{:<14} {rate:>7}/s  p50 {:>6} µs  p99 {:>6} µs  5xx {faults}  4xx {refused}",
        load.name,
        slowest(50),
        slowest(99),
    )
}

/// Kilobytes of memory that `process` holds, where the system tells.
fn memory(process: &Child) -> String {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.map_or("?".to_owned(), |line| {
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    })
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let stated = arguments.iter().position(|argument| argument == "--seconds");
    let stated = stated.and_then(|at| arguments.get(at + 1)?.parse().ok());
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let seconds = stated.unwrap_or(if is_test { 1 } else { 10 });
    let base = env::var("PAIDAN_BENCH_FOLDER");
    let base = base.map_or_else(|_| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("paidan-bench-server");
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let server = started(&folder);
    settle(&server);
    let mut out = std::io::stdout();
    for load in LOADS {
        let line = measured(&server, load, seconds);
        let memory = memory(&server.process);
        writeln!(out, "{line}  memory {memory}").expect("somebody listens");
    }
    let log = fs::metadata(folder.join("desk.db-wal")).map_or(0, |file| file.len() >> 20);
    writeln!(out, "log            {log} MB").expect("somebody listens");
    drop(server);
    let _ = fs::remove_dir_all(&folder);
}
