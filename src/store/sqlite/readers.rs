//! Connections that read, and the moments in which none does.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

/// Connections that read, each lent to one question at a time.
#[derive(Debug)]
pub(super) struct Readers {
    idle: Mutex<Idle>,
    /// A connection came back, or is lent again.
    returned: Condvar,
    count: usize,
}

/// Those nobody asks, and whether they are held back.
#[derive(Debug)]
struct Idle {
    connections: Vec<Connection>,
    is_held: bool,
}

impl Readers {
    /// These connections.
    pub(super) fn of(connections: Vec<Connection>) -> Readers {
        let count = connections.len();
        let idle = Mutex::new(Idle { connections, is_held: false });
        Readers { idle, returned: Condvar::new(), count }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends a connection to `ask`, as soon as there is one.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Connection) -> T) -> T {
        let connection = self.lent();
        let answer = ask(&connection);
        self.idle().connections.push(connection);
        self.returned.notify_all();
        answer
    }

    fn lent(&self) -> Connection {
        let mut idle = self.idle();
        loop {
            if !idle.is_held
                && let Some(connection) = idle.connections.pop()
            {
                return connection;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Does `work` while nobody asks anything: new questions wait, those under way are waited for
    /// for so long. `None` when they take longer; then nothing is done.
    pub(super) fn hold<T>(&self, patience: Duration, work: impl FnOnce() -> T) -> Option<T> {
        let mut idle = self.idle();
        idle.is_held = true;
        let is_asked = |idle: &mut Idle| idle.connections.len() < self.count;
        let waited = self.returned.wait_timeout_while(idle, patience, is_asked);
        let (idle, waiting) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(idle);
        let done = (!waiting.timed_out()).then(work);
        self.idle().is_held = false;
        self.returned.notify_all();
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use rusqlite::Connection;

    use super::Readers;

    const LONG: Duration = Duration::from_secs(60);

    fn readers(count: usize) -> Readers {
        let open = || Connection::open_in_memory().unwrap();
        Readers::of(std::iter::repeat_with(open).take(count).collect())
    }

    #[test]
    fn while_they_are_held_nobody_asks_and_afterwards_all_do() {
        let readers = readers(2);
        let (asked, heard) = mpsc::channel();
        thread::scope(|threads| {
            let held = readers.hold(LONG, || {
                for _ in 0..3 {
                    threads.spawn(|| readers.ask(|_| asked.send(()).unwrap()));
                }
                heard.try_recv().is_err()
            });
            assert_eq!(held, Some(true));
            for _ in 0..3 {
                heard.recv().unwrap();
            }
        });
        assert_eq!(readers.idle().connections.len(), 2);
    }

    #[test]
    fn a_question_that_takes_longer_is_not_cut_short() {
        let readers = readers(2);
        let held = readers.ask(|_| readers.hold(Duration::ZERO, || ()));
        assert_eq!(held, None);
        assert_eq!(readers.ask(|_| 7), 7);
    }

    #[test]
    fn a_question_under_way_is_waited_for() {
        let readers = readers(1);
        let (begun, waits) = mpsc::channel();
        let (end, ends) = mpsc::channel::<()>();
        thread::scope(|threads| {
            let readers = &readers;
            threads.spawn(move || {
                readers.ask(|_| {
                    begun.send(()).unwrap();
                    ends.recv().unwrap();
                });
            });
            waits.recv().unwrap();
            assert_eq!(readers.hold(Duration::ZERO, || ()), None);
            end.send(()).unwrap();
            assert_eq!(readers.hold(LONG, || 7), Some(7));
        });
    }
}
