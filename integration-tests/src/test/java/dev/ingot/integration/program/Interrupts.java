package dev.ingot.integration.program;

/** The interrupt status, kept and used. */
public final class Interrupts {
    private Interrupts() {}

    public static void main(String[] arguments) throws InterruptedException {
        Thread sleeper = new Thread(Interrupts::sleepLong, "sleeper");
        sleeper.start();
        Thread carrier = new Thread(Interrupts::carry, "carrier");
        carrier.start();
        carrier.interrupt();
        carrier.join();
        sleeper.interrupt();
        sleeper.join();
        System.out.println("done " + Thread.currentThread().isInterrupted());
    }

    private static void sleepLong() {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException expected) {
            System.out.println(
                    "sleeper interrupted, status " + Thread.currentThread().isInterrupted());
        }
    }

    /** Keeps its status through rounds that must not sleep. */
    private static void carry() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.spin();
            System.out.println("carrier " + round + " " + Thread.currentThread().isInterrupted());
        }
        System.out.println(
                "cleared " + Thread.interrupted() + " " + Thread.currentThread().isInterrupted());
    }
}
