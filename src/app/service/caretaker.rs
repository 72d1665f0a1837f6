//! What has to be done again and again while a server runs: views written, clocks of tickets told,
//! the plan in force parked for quotes and answers forgotten by one thread, messages sent by a few
//! others, which receivers may keep waiting.

use std::thread;
use std::time::Duration;

use super::Service;
use super::sender::Post;
use crate::app::clock;

/// The pause between rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// Milliseconds between two times of tidying.
const TIDY_MS: i64 = 3_600_000;

/// Takes care of `service` until `is_over` says so. What fails in a round is tried in the next.
pub fn care(service: &Service, is_over: &dyn Fn() -> bool) {
    let (mut tidied_ms, mut parked) = (i64::MIN, None);
    while !is_over() {
        let now_ms = clock::now_ms();
        let _ = service.write_noted();
        let _ = service.tick(now_ms);
        let _ = service.wind(now_ms);
        let _ = service.replan_by_itself(now_ms);
        let _ = service.dispatch_planned(now_ms);
        let _ = service.park_ahead(&mut parked);
        if now_ms.saturating_sub(TIDY_MS) >= tidied_ms {
            let _ = service.create_owed(now_ms);
            // Where there is more to drop, the next round goes on with it.
            if !service.tidy(now_ms).unwrap_or(false) {
                tidied_ms = now_ms;
            }
        }
        thread::park_timeout(PAUSE);
    }
}

/// How many threads send messages: so many receivers may hang before others wait for them.
pub const SENDERS: usize = 8;

/// Sends the messages of `service`, beside other threads that do, until `is_over` says so; what fails is tried again after a
/// pause.
pub fn deliver(service: &Service, post: &dyn Post, is_over: &dyn Fn() -> bool) {
    while !is_over() {
        if !service.send_next(post, &clock::now_ms).unwrap_or(false) {
            thread::park_timeout(PAUSE);
        }
    }
}
