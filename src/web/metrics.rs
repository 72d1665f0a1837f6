//! Counts for Prometheus, in its text format 0.0.4. Written by hand: it is a page of code, and
//! whole microseconds need no floats.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::route::Route;

/// Upper ends of the latency histogram, in microseconds.
const BOUNDS: [u64; 12] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_000_000, 10_000_000,
];

/// What is counted.
pub(crate) struct Metrics {
    routes: Vec<Counted>,
    in_flight: AtomicI64,
    connections: AtomicI64,
}

/// The requests of one route.
struct Counted {
    method: &'static str,
    path: &'static str,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    statuses: BTreeMap<u16, u64>,
    buckets: [u64; BOUNDS.len() + 1],
    microseconds: u64,
}

/// Something that counts as long as it is there.
pub(crate) struct Counting<'a>(&'a AtomicI64);

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new(routes: &[Route]) -> Metrics {
        let counted = |method, path| Counted { method, path, counts: Mutex::default() };
        let mut routes: Vec<Counted> =
            routes.iter().map(|route| counted(route.method.name(), route.path)).collect();
        routes.push(counted("", ""));
        Metrics { routes, in_flight: AtomicI64::new(0), connections: AtomicI64::new(0) }
    }

    /// Counts a request under way.
    pub(crate) fn enter(&self) -> Counting<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Counting(&self.in_flight)
    }

    /// Counts an open connection.
    pub(crate) fn connect(&self) -> Counting<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Counting(&self.connections)
    }

    /// Counts an answer of the route in this row; the last row is for what no route took.
    pub(crate) fn note(&self, row: usize, status: u16, microseconds: u64) {
        let Some(route) = self.routes.get(row).or(self.routes.last()) else { return };
        let mut counts = route.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.statuses.entry(status).or_default() += 1;
        let bucket = BOUNDS.partition_point(|bound| *bound < microseconds);
        counts.buckets[bucket] += 1;
        counts.microseconds += microseconds;
    }

    /// The row for what no route took.
    pub(crate) fn strays(&self) -> usize {
        self.routes.len() - 1
    }

    /// Everything, with further gauges by name, explanation and value.
    pub(crate) fn text(&self, gauges: &[(&str, &str, u64)]) -> String {
        let mut text = String::new();
        let now = |value: &AtomicI64| u64::try_from(value.load(Ordering::Relaxed)).unwrap_or(0);
        gauge(&mut text, "paidan_requests_in_flight", "Requests under way", now(&self.in_flight));
        gauge(&mut text, "paidan_connections", "Open connections", now(&self.connections));
        for (name, help, value) in gauges {
            gauge(&mut text, name, help, *value);
        }
        text += "# HELP paidan_requests_total Requests answered\n";
        text += "# TYPE paidan_requests_total counter\n";
        for route in &self.routes {
            let counts = route.counts.lock().unwrap_or_else(PoisonError::into_inner);
            for (status, count) in &counts.statuses {
                let labels = route.labels();
                line(
                    &mut text,
                    &format!("paidan_requests_total{{{labels},status=\"{status}\"}} {count}"),
                );
            }
        }
        text += "# HELP paidan_request_seconds Time until an answer was ready\n";
        text += "# TYPE paidan_request_seconds histogram\n";
        for route in &self.routes {
            route.histogram(&mut text);
        }
        text
    }
}

impl Counted {
    fn labels(&self) -> String {
        format!("method=\"{}\",route=\"{}\"", self.method, self.path)
    }

    fn histogram(&self, text: &mut String) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.statuses.is_empty() {
            return;
        }
        let labels = self.labels();
        let mut sum = 0;
        for (row, count) in counts.buckets.iter().enumerate() {
            sum += count;
            let bound = BOUNDS.get(row).map_or("+Inf".to_owned(), |bound| seconds(*bound));
            line(text, &format!("paidan_request_seconds_bucket{{{labels},le=\"{bound}\"}} {sum}"));
        }
        let total = seconds(counts.microseconds);
        line(text, &format!("paidan_request_seconds_sum{{{labels}}} {total}"));
        line(text, &format!("paidan_request_seconds_count{{{labels}}} {sum}"));
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n")
        .expect("a text takes every character");
}

/// Microseconds as decimal seconds.
fn seconds(microseconds: u64) -> String {
    let text = format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Metrics, seconds};

    #[test]
    fn microseconds_are_told_as_seconds() {
        assert_eq!(seconds(250), "0.00025");
        assert_eq!(seconds(10_000_000), "10");
        assert_eq!(seconds(1_500_000), "1.5");
    }

    /// 400 µs fall under 0.0005 and all above, 11 s under no bound but infinity.
    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::new(&[]);
        metrics.note(0, 404, 400);
        metrics.note(0, 404, 11_000_000);
        let text = metrics.text(&[("paidan_jobs_running", "Jobs", 3)]);
        for line in [
            "paidan_requests_total{method=\"\",route=\"\",status=\"404\"} 2",
            "paidan_request_seconds_bucket{method=\"\",route=\"\",le=\"0.00025\"} 0",
            "paidan_request_seconds_bucket{method=\"\",route=\"\",le=\"0.0005\"} 1",
            "paidan_request_seconds_bucket{method=\"\",route=\"\",le=\"10\"} 1",
            "paidan_request_seconds_bucket{method=\"\",route=\"\",le=\"+Inf\"} 2",
            "paidan_request_seconds_sum{method=\"\",route=\"\"} 11.0004",
            "paidan_jobs_running 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
