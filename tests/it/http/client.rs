//! A server of the test's own and a client that speaks just enough HTTP/1.1.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use paidan::app::Failure;
use paidan::app::service::Service;
use paidan::web::{Limits, Options, Stop, serve};
use serde_json::Value;

/// A server that ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), Failure>>>,
}

impl Server {
    /// A server that keeps nothing, with usual limits.
    pub(crate) fn start() -> Server {
        Server::with(Service::in_memory(), Limits::default())
    }

    /// A server of `service` with these limits.
    pub(crate) fn with(service: Service, limits: Limits) -> Server {
        Server::of(service, Options { limits, ..Options::default() })
    }

    /// A server of `service` on a port of its own.
    pub(crate) fn of(service: Service, options: Options) -> Server {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = Options { listen, heeds_signals: false, ..options };
        let (stop, (tell, told)) = (Stop::default(), mpsc::channel());
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            serve(&options, service, &stopped, |bound| tell.send(bound).unwrap())
        });
        let address = told.recv_timeout(Duration::from_secs(30)).unwrap();
        Server { address, stop, thread: Some(thread) }
    }

    /// Tells it to stop, without waiting.
    pub(crate) fn stop(&self) {
        self.stop.stop();
    }

    /// Waits until it has stopped.
    pub(crate) fn ended(mut self) -> Result<(), Failure> {
        self.stop.stop();
        self.thread.take().unwrap().join().unwrap()
    }

    /// Sends a request without body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        Asked::open(self.address).send(method, path, headers, b"").answer()
    }

    /// `GET path`.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// Sends `body` as JSON.
    pub(crate) fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", path, headers, body.to_string().as_bytes())
    }

    /// Sends `body` as JSON, whatever it is.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let kind = [("content-type", "application/json")];
        let stated = headers.iter().any(|(name, _)| *name == "content-type");
        let kind = if stated { &kind[..0] } else { &kind[..] };
        let headers: Vec<_> = kind.iter().chain(headers).copied().collect();
        Asked::open(self.address).send(method, path, &headers, body).answer()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A connection, open for one request.
pub(crate) struct Asked {
    pub(crate) stream: TcpStream,
}

impl Asked {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Asked {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Asked { stream }
    }

    /// Sends a request; a body has its length stated.
    pub(crate) fn send(
        mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Asked {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            head += "host: localhost\r\n";
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!("content-length: {}\r\n", body.len());
        }
        self.stream.write_all((head + "\r\n").as_bytes()).unwrap();
        // A server that has said no already does not read the rest.
        let _ = self.stream.write_all(body);
        self
    }

    /// Reads the answer to its end.
    pub(crate) fn answer(mut self) -> Answer {
        let mut bytes = Vec::new();
        let mut piece = [0; 16_384];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
                Err(_) if !bytes.is_empty() => break,
                Err(error) => panic!("no answer: {error}"),
            }
        }
        Answer::of(&bytes)
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        let mut answer =
            Answer { status, headers: headers.collect(), body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(&answer.body);
        }
        answer
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// Status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        (self.status, problem["code"].as_str().unwrap().to_owned())
    }
}

/// The chunks of a body without their lengths.
fn joined(chunks: &[u8]) -> Vec<u8> {
    let (mut whole, mut rest) = (Vec::new(), chunks);
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&rest[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        let chunk = &rest[end + 2..];
        whole.extend_from_slice(&chunk[..length.min(chunk.len())]);
        rest = chunk.get(length + 2..).unwrap_or_default();
    }
    whole
}
