package dev.ingot.integration.program;

/** Enters monitors, one within the other, often enough to be compiled while it does. */
public final class HotMonitors implements Runnable {
    private static final int ROUNDS = 400_000;

    private final Object left = new Object();
    private final Object right = new Object();
    private long sum;

    private HotMonitors() {}

    public static void main(String[] arguments) {
        HotMonitors monitors = new HotMonitors();
        for (int round = 0; round < ROUNDS; round++) {
            synchronized (monitors.left) {
                synchronized (monitors.right) {
                    monitors.add(round);
                }
                monitors.run();
            }
        }
        System.out.println(monitors.sum);
    }

    @Override
    public void run() {
        synchronized (this) {
            add(1);
        }
    }

    private void add(int number) {
        synchronized (this) {
            sum = sum * 31 + number;
            if (sum == 1) {
                System.out.println("one");
            }
        }
    }
}
