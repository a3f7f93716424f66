package dev.ingot.tortured;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A timer's thread must be told of tasks while it is about to wait. */
public final class TimersAreNotified {
    private TimersAreNotified() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < 150; round++) {
            Timer timer = new Timer("timer " + round);
            CountDownLatch ran = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                timer.schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                ran.countDown();
                            }
                        },
                        i);
            }
            System.out.println(ran.await(20, TimeUnit.SECONDS));
            timer.cancel();
        }
    }
}
