//! Why a subcommand fails, and what the command line prints about it.

use std::io;

/// Why a subcommand failed.
pub(super) enum Failure {
    /// The arguments are invalid.
    Usage(String),
    /// The subcommand failed.
    Failed(String),
    /// The subcommand failed, and the output says so already or is no longer read.
    Reported,
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Reported,
            _ => Self::Failed(error.to_string()),
        }
    }
}
