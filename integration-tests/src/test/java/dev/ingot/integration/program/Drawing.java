package dev.ingot.integration.program;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;

/** Draws onto an image in memory with one and the same graphics, with another one that is disposed of, and copies of the image. */
public final class Drawing {
    private Drawing() {}

    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image = new BufferedImage(120, 80, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        Graphics2D disposed = image.createGraphics();
        disposed.dispose();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setTransform(AffineTransform.getRotateInstance(0.1));
        graphics.clipRect(2, 2, 100, 70);
        graphics.setStroke(new BasicStroke(2.5f));
        for (int round = 0; round < Pace.ROUNDS; round++) {
            graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.5f + round / 200f));
            graphics.setPaint(new GradientPaint(0, 0, Color.RED, 100, round, Color.BLUE));
            graphics.fill(new Ellipse2D.Double(round, round / 2.0, 40, 30));
            graphics.setColor(new Color(round * 4 % 256, 100, 50));
            graphics.draw(new Line2D.Double(0, round, 110, 70 - round));
            if (round % 10 == 0) {
                graphics.drawImage(image.getSubimage(0, 0, 30, 30), 60, 40, null);
            }
            Pace.say(round + " "
                    + Arrays.hashCode(((DataBufferInt) image.getRaster().getDataBuffer()).getData()));
        }
        graphics.dispose();
    }
}
