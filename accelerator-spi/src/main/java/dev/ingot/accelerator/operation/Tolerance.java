package dev.ingot.accelerator.operation;

/**
 * How far floats may be from what the contract of an operation says: a number of units in the last place, or a distance, whichever allows
 * more.
 *
 * @param ulps how many steps between neighbouring floats, at the number that is wanted; at least 0
 * @param absolute what is near enough at any number; for sums whose terms cancel each other, where the last place of the result says
 *     nothing of that of the terms. It is of operands of magnitude 1 or less and of sums of some thousand terms; at least 0
 */
public record Tolerance(int ulps, float absolute) {
    /** The same bits, but for the sign of zero. */
    public static final Tolerance EXACT = new Tolerance(0, 0);

    public Tolerance {
        if (ulps < 0 || !(absolute >= 0)) {
            throw new IllegalArgumentException("a tolerance cannot be " + ulps + " ulp or " + absolute);
        }
    }

    /** Whether {@code actual} is near enough to what is {@code wanted}. What is no number, or infinite, is so on both sides. */
    public boolean accepts(float actual, float wanted) {
        if (actual == wanted || (Float.isNaN(actual) && Float.isNaN(wanted))) {
            return true;
        }
        if (!Float.isFinite(actual) || !Float.isFinite(wanted)) {
            return false;
        }
        double distance = Math.abs((double) actual - wanted);
        return distance <= absolute || distance <= (double) ulps * Math.ulp(wanted);
    }

    @Override
    public String toString() {
        return ulps + " ulp or " + absolute;
    }
}
