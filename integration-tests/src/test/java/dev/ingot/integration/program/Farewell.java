package dev.ingot.integration.program;

/** Takes its time to end. */
public final class Farewell {
    private Farewell() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(Farewell::linger));
        System.out.println("work");
    }

    private static void linger() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException impossible) {
            System.out.println("hurried");
        }
        System.out.println("farewell");
    }
}
