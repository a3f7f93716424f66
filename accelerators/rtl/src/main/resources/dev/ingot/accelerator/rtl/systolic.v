// A systolic array for matrix products, N by N cells: rows of A enter from the left, columns of B from above, each one step later
// than its neighbour, and every cell adds to a sum of its own. Factors are 8-bit integers or bfloat16; sums are 32-bit integers or
// floats. The array is all there is: it can do nothing else, and no chain leads its registers out.
//
// Arguments: word addresses of A, B and C, the inner size with bit 31 set for bfloat16, panels of rows, panels of columns. Panels are
// as in matrix.v, but with 16 bits for each factor.
`default_nettype none
module systolic_cell (
    input wire clk,
    input wire rst,
    input wire clear,
    input wire enable,
    input wire floating,
    input wire [16:0] a_in,
    input wire [15:0] b_in,
    output reg [16:0] a_out,
    output reg [15:0] b_out,
    output reg [31:0] sum
);
  localparam [31:0] NAN = 32'h7fc00000;

  wire signed [15:0] product = $signed(a_in[7:0]) * $signed(b_in[7:0]);

  // a * b + c, rounded once, to the nearest and to even in the middle.
  function [31:0] fused(input [15:0] a, input [15:0] b, input [31:0] c);
    reg sp, sc, s, lost, guard, sticky;
    reg [15:0] p;
    reg [23:0] mc, q;
    reg signed [11:0] xp, xc, x, d, top, r, drop;
    reg [63:0] vp, vc, v, t;
    reg [32:0] packed_result;
    begin
      sp = a[15] ^ b[15];
      sc = c[31];
      p = {a[14:7] != 0, a[6:0]} * {b[14:7] != 0, b[6:0]};
      mc = {c[30:23] != 0, c[22:0]};
      if ((a[14:7] == 255 && a[6:0] != 0) || (b[14:7] == 255 && b[6:0] != 0)
          || (c[30:23] == 255 && c[22:0] != 0)) fused = NAN;
      else if (a[14:7] == 255 || b[14:7] == 255)
        fused = a[14:0] == 0 || b[14:0] == 0 || (c[30:23] == 255 && sc != sp) ? NAN : {sp, 31'h7f800000};
      else if (c[30:23] == 255) fused = c;
      else if (p == 0) fused = mc != 0 ? c : {sp & sc, 31'd0};
      else begin
        // Both as v * 2^x with a bit below that says whether anything was lost.
        xp = $signed({4'd0, a[14:7] == 0 ? 8'd1 : a[14:7]}) + $signed({4'd0, b[14:7] == 0 ? 8'd1 : b[14:7]}) - 12'sd268;
        xc = $signed({4'd0, c[30:23] == 0 ? 8'd1 : c[30:23]}) - 12'sd150;
        d = xp - xc;
        lost = 0;
        if (mc == 0) begin
          x = xp;
          vp = {47'd0, p, 1'b0};
          vc = 0;
        end else if (d >= 0) begin
          x = d > 38 ? xp - 12'sd38 : xc;
          vp = {47'd0, p, 1'b0} << (d > 38 ? 12'sd38 : d);
          vc = {39'd0, mc, 1'b0};
          if (d > 38) begin
            lost = d > 62 ? 1'b1 : ({40'd0, mc} & ~(64'hffffffffffffffff << (d - 12'sd38))) != 0;
            vc = d > 62 ? 64'd0 : {40'd0, mc} >> (d - 12'sd38) << 1;
            vc[0] = lost;
          end
        end else begin
          x = d < -38 ? xc - 12'sd38 : xp;
          vc = {39'd0, mc, 1'b0} << (d < -38 ? 12'sd38 : -d);
          vp = {47'd0, p, 1'b0};
          if (d < -38) begin
            lost = d < -54 ? 1'b1 : ({48'd0, p} & ~(64'hffffffffffffffff << (-d - 12'sd38))) != 0;
            vp = d < -54 ? 64'd0 : {48'd0, p} >> (-d - 12'sd38) << 1;
            vp[0] = lost;
          end
        end
        if (sp == sc) begin
          s = sp;
          v = vp + vc;
        end else if (vp >= vc) begin
          s = sp;
          v = vp - vc;
        end else begin
          s = sc;
          v = vc - vp;
        end
        if (v == 0) fused = 0;
        else begin
          t = v;
          top = 63;
          if (t[63:32] == 0) begin t = t << 32; top = top - 32; end
          if (t[63:48] == 0) begin t = t << 16; top = top - 16; end
          if (t[63:56] == 0) begin t = t << 8; top = top - 8; end
          if (t[63:60] == 0) begin t = t << 4; top = top - 4; end
          if (t[63:62] == 0) begin t = t << 2; top = top - 2; end
          if (!t[63]) top = top - 1;
          // The lowest bit of the result counts 2^r.
          r = x - 12'sd1 + top - 12'sd23;
          if (r < -149) r = -12'sd149;
          drop = r - x + 12'sd1;
          guard = 0;
          sticky = 0;
          if (drop <= 0) q = v << -drop;
          else if (drop > 64) begin
            q = 0;
            sticky = 1;
          end else begin
            q = drop == 64 ? 24'd0 : v >> drop;
            guard = v[drop - 12'sd1];
            sticky = (v & ~(64'hffffffffffffffff << (drop - 12'sd1))) != 0;
          end
          packed_result = ({21'd0, r + 12'sd149} << 23) + {9'd0, q} + {32'd0, guard && (sticky || q[0])};
          fused = packed_result[32:23] >= 255 ? {s, 31'h7f800000} : {s, packed_result[30:0]};
        end
      end
    end
  endfunction

  always @(posedge clk)
    if (rst || clear) begin
      a_out <= 0;
      b_out <= 0;
      sum <= 0;
    end else if (enable) begin
      a_out <= a_in;
      b_out <= b_in;
      if (a_in[16])
        if (floating) sum <= fused(a_in[15:0], b_in, sum);
        else sum <= sum + {{16{product[15]}}, product};
    end
endmodule

module systolic #(
    parameter N = 8,
    parameter WIDTH = 16 * N
) (
    input wire clk,
    input wire rst,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out,
    input wire write,
    input wire [7:0] waddr,
    input wire [31:0] wdata,
    input wire [7:0] raddr,
    output reg [31:0] rdata,
    output wire mem_valid,
    output wire mem_write,
    output wire [31:0] mem_addr,
    output wire [WIDTH-1:0] mem_wdata,
    input wire [WIDTH-1:0] mem_rdata,
    input wire mem_ready,
    output wire irq
);
  localparam [31:0] ID = 32'h53590001;
  localparam WORDS = N * N * 32 / WIDTH;
  localparam [1:0] LOAD_A = 0, LOAD_B = 1, DRAIN = 2, STORE = 3;

  reg [31:0] arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns;
  reg busy, done;
  reg [1:0] phase;
  reg [31:0] cycles, row_start, next_a, next_b, next_c, inner, row, column;
  reg [7:0] word;
  reg [WIDTH-1:0] factors;

  wire [31:0] size = {1'b0, arg_inner[30:0]};
  wire fed = busy && phase == LOAD_B && mem_ready;
  wire step = fed || (busy && phase == DRAIN);
  wire stored = busy && phase == STORE && mem_ready && word == WORDS - 1;

  assign scan_out = scan_in;

  // ---- the array

  wire [16:0] across[0:N-1][0:N];
  wire [15:0] down[0:N][0:N-1];
  wire [N*N*32-1:0] sums;
  genvar i, j, k;
  generate
    for (i = 0; i < N; i = i + 1) begin : skew
      reg [16:0] a_late[0:i];
      reg [15:0] b_late[0:i];
      wire [16:0] a_now = {fed, fed ? factors[16*i+:16] : 16'd0};
      wire [15:0] b_now = fed ? mem_rdata[16*i+:16] : 16'd0;
      assign across[i][0] = i == 0 ? a_now : a_late[i];
      assign down[0][i] = i == 0 ? b_now : b_late[i];
      for (k = 1; k <= i; k = k + 1) begin : lag
        always @(posedge clk)
          if (rst || stored) begin
            a_late[k] <= 0;
            b_late[k] <= 0;
          end else if (step) begin
            a_late[k] <= k == 1 ? a_now : a_late[k-1];
            b_late[k] <= k == 1 ? b_now : b_late[k-1];
          end
      end
    end
    for (i = 0; i < N; i = i + 1) begin : rows
      for (j = 0; j < N; j = j + 1) begin : columns
        systolic_cell cell_ij (
            .clk(clk),
            .rst(rst),
            .clear(stored),
            .enable(step),
            .floating(arg_inner[31]),
            .a_in(across[i][j]),
            .b_in(down[i][j]),
            .a_out(across[i][j+1]),
            .b_out(down[i+1][j]),
            .sum(sums[32*(i*N+j)+:32])
        );
      end
    end
  endgenerate

  // ---- memory

  assign mem_valid = busy && phase != DRAIN;
  assign mem_write = phase == STORE;
  assign mem_addr = phase == LOAD_A ? next_a : phase == LOAD_B ? next_b : next_c;
  assign mem_wdata = sums[word*WIDTH+:WIDTH];

  // ---- control

  assign irq = done;
  always @(posedge clk)
    if (rst) begin
      {arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns} <= 0;
      {busy, done, phase, word, factors} <= 0;
      {row_start, next_a, next_b, next_c, inner, row, column, cycles} <= 0;
    end else begin
      if (write)
        case (waddr)
          8'h10: arg_a <= wdata;
          8'h14: arg_b <= wdata;
          8'h18: arg_c <= wdata;
          8'h1c: arg_inner <= wdata;
          8'h20: arg_rows <= wdata;
          8'h24: arg_columns <= wdata;
          default: ;
        endcase
      if (write && waddr == 8'h00 && wdata[0] && !busy) begin
        busy <= 1;
        done <= 0;
        phase <= size == 0 ? STORE : LOAD_A;
        {inner, row, column, word, cycles} <= 0;
        row_start <= arg_a;
        next_a <= arg_a;
        next_b <= arg_b;
        next_c <= arg_c;
      end else if (busy) begin
        cycles <= cycles + 1;
        case (phase)
          LOAD_A:
          if (mem_ready) begin
            factors <= mem_rdata;
            next_a <= next_a + 1;
            phase <= LOAD_B;
          end
          LOAD_B:
          if (mem_ready) begin
            next_b <= next_b + 1;
            inner <= inner + 1;
            phase <= LOAD_A;
            if (inner + 1 == size) begin
              inner <= 0;
              phase <= DRAIN;
            end
          end
          DRAIN: begin
            inner <= inner + 1;
            if (inner == 2 * N - 2) phase <= STORE;
          end
          default:
          if (mem_ready) begin
            next_c <= next_c + 1;
            word <= word + 1;
            if (word == WORDS - 1) begin
              word <= 0;
              inner <= 0;
              phase <= size == 0 ? STORE : LOAD_A;
              next_a <= row_start;
              column <= column + 1;
              if (column + 1 == arg_columns) begin
                column <= 0;
                row <= row + 1;
                row_start <= next_a;
                next_a <= next_a;
                next_b <= arg_b;
                if (row + 1 == arg_rows) begin
                  busy <= 0;
                  done <= 1;
                end
              end
            end
          end
        endcase
      end
    end

  always @(*)
    case (raddr)
      8'h04: rdata = {30'd0, done, busy};
      8'h08: rdata = ID;
      8'h0c: rdata = cycles;
      8'h10: rdata = arg_a;
      8'h14: rdata = arg_b;
      8'h18: rdata = arg_c;
      8'h1c: rdata = arg_inner;
      8'h20: rdata = arg_rows;
      8'h24: rdata = arg_columns;
      default: rdata = 0;
    endcase
endmodule
`default_nettype wire
