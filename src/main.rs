//! sverka: the program.

fn main() -> std::process::ExitCode {
    sverka::cli::main()
}
