package dev.ingot.core.control;

/**
 * Which copies of its gang run, as a pool tells a program: a system property of this process, from before the program begins or goes on. No image
 * has it, since it is another one when the program goes on.
 */
public final class Company {
    /** The numbers of those that run, as in {@code 0-2,5}. */
    public static final String PROPERTY = "ingot.gang.running";
    /** Says what the property is to be at first. Set by whoever starts this process, for the agent alone. */
    public static final String VARIABLE = "INGOT_GANG_RUNNING";

    private Company() {}

    /** The property is what this process was started with; nothing if it is of no gang. */
    public static void begin() {
        String running = System.getenv(VARIABLE);
        if (running != null) {
            tell(running);
        }
    }

    /** Others run now. */
    public static void tell(String running) {
        System.setProperty(PROPERTY, running);
    }
}
