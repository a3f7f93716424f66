package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** Takes all memory there is. */
public final class Glutton {
    private Glutton() {}

    public static void main(String[] arguments) {
        List<byte[]> eaten = new ArrayList<>();
        while (eaten.size() < Integer.MAX_VALUE) {
            eaten.add(new byte[1 << 20]);
        }
    }
}
