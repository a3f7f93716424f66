import java.util.ArrayList;
import java.util.List;

/**
 * Clients at work until standard input ends. Each has a count of its own at the server, and prints its number and the count for each
 * answer, or its number and "lost" for a request without one, after which it connects anew.
 */
public final class Clients {
    private static final long PAUSE = 20;
    private static final long PAUSE_WITHOUT_ANSWER = 200;

    private static volatile boolean ended;

    private Clients() {}

    /** Arguments: the class of the counter, the server's port, the number of clients. */
    public static void main(String[] arguments) throws Exception {
        Class<?> type = Class.forName(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(arguments[2]); number++) {
            int client = number;
            Thread thread = new Thread(() -> work(type, port, client), "client-" + client);
            threads.add(thread);
            thread.start();
        }
        while (System.in.read() >= 0) {
            // Only the end is of interest.
        }
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void work(Class<?> type, int port, int client) {
        while (!ended) {
            try (Counter counter = (Counter)
                    type.getDeclaredConstructor(int.class, int.class).newInstance(port, client)) {
                while (!ended) {
                    say(client, Long.toString(counter.next()));
                    Thread.sleep(PAUSE);
                }
            } catch (Exception unanswered) {
                say(client, "lost " + unanswered);
                pause();
            }
        }
    }

    private static synchronized void say(int client, String what) {
        System.out.println(client + " " + what.replace('\n', ' '));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_WITHOUT_ANSWER);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException("nobody interrupts a client", unexpected);
        }
    }
}
