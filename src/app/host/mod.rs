//! The simulator under the command of another page or program: the messages of an embedded page,
//! and the calls of the npm package.

pub mod arguments;
mod events;
mod object;
mod protocol;
mod request;

pub use events::{HostEvent, QuizQuestion, Reporter, TIMEUPDATE_MILLIS};
pub use object::{Object, Value};
pub use protocol::{MAX_LENGTH, Message, SOURCE, VERSION, greeting, read, refusal, reply, status};
pub use request::{Field, Fields, Request, RequestError, load_link, request, reset};
