//! What comes with a request: JSON and nothing else, no more of it than is taken, in no more room
//! than there is.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body as HttpBody, Bytes, HttpBody as _};
use axum::http::{HeaderMap, header};
use tokio::sync::OwnedSemaphorePermit;

use super::error::{Code, Problem};
use super::gate::{Gates, KIBIBYTE};

/// Goes on only when a JSON document is sent.
pub(super) fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let mut words = kind.unwrap_or_default().split(';').map(str::trim);
    let is_json = words.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let is_utf8 = words.all(|word| match word.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && is_utf8 && !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(());
    }
    Err(Problem::new(
        Code::WrongType,
        "正文须为 UTF-8 的 application/json，不压缩",
        "the body must be application/json in UTF-8, not compressed",
    ))
}

/// The longest body where none is asked for: some clients send an empty document along.
pub(super) const STRAY_BYTES: usize = 1_024;

/// The whole body, which is no longer than `most` bytes, and the room it takes.
pub(super) async fn received(
    mut body: HttpBody,
    headers: &HeaderMap,
    most: usize,
    gates: &Gates,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
    let too_large = || {
        Problem::new(
            Code::TooLarge,
            format!("正文超过 {most} 字节"),
            format!("the body is longer than {most} bytes"),
        )
    };
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if stated.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > most) {
        return Err(too_large());
    }
    let (mut text, mut room): (Vec<u8>, Option<OwnedSemaphorePermit>) = (Vec::new(), None);
    while let Some(frame) = poll_fn(|task| Pin::new(&mut body).poll_frame(task)).await {
        let frame = frame.map_err(|_| Problem::plain(Code::TooSlow))?;
        let Ok(bytes) = frame.into_data() else { continue };
        if text.len() + bytes.len() > most {
            return Err(too_large());
        }
        let taken = room.as_ref().map_or(0, |room| room.num_permits() * KIBIBYTE);
        if text.len() + bytes.len() > taken {
            let more = gates.room(text.len() + bytes.len() - taken)?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
        }
        text.extend_from_slice(&bytes);
    }
    Ok((Bytes::from(text), room))
}
