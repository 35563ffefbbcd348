use crate::support::binary::Machine;
use crate::support::pseudo_terminal::PseudoTerminal;

#[test]
fn look() {
    for size in [(80, 24), (140, 40)] {
        let machine = Machine::bare();
        let terminal = PseudoTerminal::start(&machine, &["demo"], size, &[]);
        terminal.wait_for(&["300"]);
        terminal.wait_for_no("Синхронизация 1");
        println!("{}", terminal.text());
    }
}
