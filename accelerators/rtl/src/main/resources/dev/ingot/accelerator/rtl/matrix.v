// Product of 8-bit matrices, N by N sums at a time: in each step a column of N rows of A meets a row of N columns of B.
//
// Arguments: word addresses of A, B and C, the inner size, panels of rows, panels of columns. A panel of A is N rows, stored column
// by column; a panel of B is N columns, stored row by row; C is stored tile by tile, a panel of rows after the other.
//
// All registers are on the scan chain; matrix.scan names them in the order in which they leave it.
`default_nettype none
module multiply_add (
    input wire clk,
    input wire rst,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out,
    input wire clear,
    input wire enable,
    input wire signed [7:0] a,
    input wire signed [7:0] b,
    output reg [31:0] sum
);
  wire signed [15:0] product = a * b;
  assign scan_out = sum[31];
  always @(posedge clk)
    if (rst) sum <= 0;
    else if (scan_en) sum <= {sum[30:0], scan_in};
    else if (clear) sum <= 0;
    else if (enable) sum <= sum + {{16{product[15]}}, product};
endmodule

module matrix #(
    parameter N = 8,
    parameter WIDTH = 8 * N
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
  localparam [31:0] ID = 32'h4d540001;
  localparam WORDS = N * N * 32 / WIDTH;
  localparam [1:0] LOAD_A = 0, LOAD_B = 1, STORE = 2;

  reg [31:0] arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns;
  reg busy, done;
  reg [1:0] phase;
  reg [31:0] cycles, row_start, next_a, next_b, next_c, inner, row, column;
  reg [7:0] word;
  reg [WIDTH-1:0] factors;

  // ---- sums

  wire [N*N:0] chain;
  wire [N*N*32-1:0] sums;
  wire stored = busy && phase == STORE && mem_ready && word == WORDS - 1;
  assign scan_out = chain[N*N];
  genvar i, j;
  generate
    for (i = 0; i < N; i = i + 1) begin : rows
      for (j = 0; j < N; j = j + 1) begin : columns
        multiply_add cell_ij (
            .clk(clk),
            .rst(rst),
            .scan_en(scan_en),
            .scan_in(chain[i*N+j]),
            .scan_out(chain[i*N+j+1]),
            .clear(stored),
            .enable(busy && phase == LOAD_B && mem_ready),
            .a(factors[8*i+:8]),
            .b(mem_rdata[8*j+:8]),
            .sum(sums[32*(i*N+j)+:32])
        );
      end
    end
  endgenerate

  // ---- memory

  assign mem_valid = busy && !scan_en;
  assign mem_write = phase == STORE;
  assign mem_addr = phase == LOAD_A ? next_a : phase == LOAD_B ? next_b : next_c;
  assign mem_wdata = sums[word*WIDTH+:WIDTH];

  // ---- control

  assign irq = done;
  assign chain[0] = cycles[31];
  always @(posedge clk)
    if (rst) begin
      {arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns} <= 0;
      {busy, done, phase, word, factors} <= 0;
      {row_start, next_a, next_b, next_c, inner, row, column, cycles} <= 0;
    end else if (scan_en)
      {cycles, busy, done, phase, word, row_start, next_a, next_b, next_c, inner, row, column,
       arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns, factors} <=
      {cycles[30:0], busy, done, phase, word, row_start, next_a, next_b, next_c, inner, row, column,
       arg_a, arg_b, arg_c, arg_inner, arg_rows, arg_columns, factors, scan_in};
    else begin
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
        phase <= arg_inner == 0 ? STORE : LOAD_A;
        {inner, row, column, word, cycles} <= 0;
        row_start <= arg_a;
        next_a <= arg_a;
        next_b <= arg_b;
        next_c <= arg_c;
      end else if (busy) begin
        cycles <= cycles + 1;
        if (mem_ready)
          case (phase)
            LOAD_A: begin
              factors <= mem_rdata;
              next_a <= next_a + 1;
              phase <= LOAD_B;
            end
            LOAD_B: begin
              next_b <= next_b + 1;
              inner <= inner + 1;
              phase <= inner + 1 == arg_inner ? STORE : LOAD_A;
            end
            default: begin
              next_c <= next_c + 1;
              word <= word + 1;
              if (word == WORDS - 1) begin
                word <= 0;
                inner <= 0;
                phase <= arg_inner == 0 ? STORE : LOAD_A;
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
