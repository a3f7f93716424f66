package dev.ingot.accelerator.device;

/** The process by which a node finds out what devices its machine has, as drivers can break the process that calls them. */
public final class EquipmentReport {
    private EquipmentReport() {}

    /** Prints, as the last line, what the providers of the class path find; on the error stream, what they miss. */
    public static void main(String[] arguments) {
        Accelerators accelerators = Accelerators.find();
        accelerators.diagnostics().forEach(System.err::println);
        System.out.println(accelerators.equipment().text());
    }
}
