package dev.ingot.scheduler.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What lets a node have an image of a workload from another node: a code that the pool makes with a key which that node has told it. So
 * the other node needs to know nothing of workloads and epochs, and whoever has one ticket can have nothing else with it. It holds as
 * long as the key does.
 */
public final class ImageTicket {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String FORM = "ingot image ticket 1";

    private ImageTicket() {}

    /**
     * Makes a ticket.
     *
     * @param key of the node that has the image
     * @param receiver the name of the node that is to have it
     * @param epoch in which the pool has placed the workload on the receiver, or will do so
     * @return in hexadecimal
     */
    public static String of(String key, String receiver, String workload, long epoch, String image) {
        String text = String.join("\n", FORM, receiver, workload, Long.toString(epoch), image);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM + ", this one does not", impossible);
        }
    }

    /** Whether two tickets are the same one; how long that takes does not tell where they differ. */
    public static boolean isSame(String ticket, String other) {
        return MessageDigest.isEqual(ticket.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
