//! The two standard streams. Results go out through [`print`], everything else through [`tell`].

use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use crate::app::Failure;
use crate::app::files::Target;
use crate::model::lang::Lang;

/// Prints a result. A reader who has had enough (`| head`) is no fault.
///
/// # Errors
/// [`Failure::Unwritable`].
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Prints a result that is bytes already.
///
/// # Errors
/// [`Failure::Unwritable`].
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Unwritable { path: PathBuf::from("<stdout>"), source })
        }
        _ => Ok(()),
    }
}

/// Writes a document to `target`, or prints it when there is none.
///
/// # Errors
/// [`Failure::Unwritable`].
pub(crate) fn deliver(text: &str, target: Option<&Target>) -> Result<(), Failure> {
    target.map_or_else(|| print(text), |target| target.write(text.as_bytes()))
}

/// Says something that is no result. When nobody can hear it, work goes on.
pub(crate) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// That something was written to `target`.
pub(crate) fn wrote(target: &Target, lang: Lang) -> String {
    let path = target.path().display();
    lang.of(format!("已写入 {path}\n"), format!("wrote {path}\n"))
}
