package dev.ingot.integration.program;

import java.awt.AWTEvent;
import java.awt.EventQueue;
import java.awt.Toolkit;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import javax.swing.SwingUtilities;
import javax.swing.Timer;

/** Uses the event queue of AWT and timers of Swing without a display, and ends when nothing is to be dispatched any more. */
public final class Events {
    private static final int TICKS = 20;

    private Events() {}

    /** Counts what it dispatches. */
    private static final class Counting extends EventQueue {
        private int dispatched;

        @Override
        protected void dispatchEvent(AWTEvent event) {
            dispatched++;
            super.dispatchEvent(event);
        }

        int dispatched() {
            return dispatched;
        }
    }

    public static void main(String[] arguments) throws InterruptedException, InvocationTargetException {
        System.setProperty("java.awt.headless", "true");
        for (int round = 0; round < Pace.ROUNDS / 3; round++) {
            int now = round;
            SwingUtilities.invokeLater(() -> Pace.say("later " + now + " " + SwingUtilities.isEventDispatchThread()));
            SwingUtilities.invokeAndWait(() -> Pace.say("and wait " + now));
        }
        Counting counting = new Counting();
        Toolkit.getDefaultToolkit().getSystemEventQueue().push(counting);
        CountDownLatch over = new CountDownLatch(TICKS);
        Timer timer = new Timer(20, event -> {
            if (over.getCount() > 0) {
                Pace.say("tick " + over.getCount() + " " + SwingUtilities.isEventDispatchThread());
                over.countDown();
            }
        });
        timer.start();
        over.await();
        timer.stop();
        SwingUtilities.invokeAndWait(() -> System.out.println("dispatched " + (counting.dispatched() > TICKS)));
    }
}
