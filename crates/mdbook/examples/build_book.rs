//! Builds a book with mdBook's library, as `mdbook build` does: `build_book FOLDER`. The
//! preprocessor is expected beside this program, as if it were on the PATH.

use std::path::Path;
use std::process::ExitCode;

use mdbook_driver::MDBook;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: build_book FOLDER");
        return ExitCode::from(2);
    };
    match MDBook::load(Path::new(&folder)).and_then(|book| book.build()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
