package dev.ingot.scheduler.pool;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes stand, from the outside in: a region, a zone of it, a rack of that. The inner ones may be left out. Racks of different zones
 * are different ones, whatever they are called.
 *
 * @param path such as {@code eu/a/r7}; empty for nowhere in particular
 */
public record Location(String path) {
    /** Nowhere in particular: in no region, zone or rack. */
    public static final Location NOWHERE = new Location("");

    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}(/[A-Za-z0-9][A-Za-z0-9._-]{0,62}){0,2}");

    /** @throws IllegalArgumentException if the path is neither empty nor one to three names with slashes between them */
    public Location {
        if (!path.isEmpty() && !FORM.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "'" + path + "' is no location; write REGION, REGION/ZONE or REGION/ZONE/RACK, such as eu/a/r7");
        }
    }

    /** The path of the region, zone or rack that this is in; null if it is in none. A node is not among them. */
    @Nullable String domain(Level level) {
        int names = switch (level) {
            case NODE -> 0;
            case RACK -> 3;
            case ZONE -> 2;
            case REGION -> 1;
        };
        int end = path.isEmpty() || names == 0 ? -1 : 0;
        for (int name = 0; name < names && end >= 0; name++) {
            // The last name is followed by no slash.
            int from = end + (name == 0 ? 0 : 1);
            int slash = path.indexOf('/', from);
            end = slash >= 0 ? slash : from < path.length() ? path.length() : -1;
        }
        return end < 0 ? null : path.substring(0, end);
    }

    /** Whether all that is here is there as well; everything is nowhere in particular. */
    boolean isIn(Location other) {
        return other.path.isEmpty() || path.equals(other.path) || path.startsWith(other.path + "/");
    }

    @Override
    public String toString() {
        return path;
    }
}
