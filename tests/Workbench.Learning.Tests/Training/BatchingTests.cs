using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Tests.Training;

public sealed class BatchingTests
{
    [Fact]
    public void Rows_are_padded_at_the_end_and_labels_shifted_once()
    {
        // The first row ends in id 0, which elsewhere is padding: it stays a trained token.
        var batch = TokenBatch.Pad(
        [
            new TrainingRow([5, 6, 0], [-100, 6, 0], 1),
            new TrainingRow([7], [7], 2),
        ]);
        Assert.Equal([5, 6, 0, 7, 0, 0], batch.InputIds);
        Assert.Equal([6, 0, -100, -100, -100, -100], batch.Targets);
        Assert.Equal([3, 1], batch.Lengths);
        Assert.Equal((2, 3, 4), (batch.Rows, batch.Length, batch.Tokens));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, 2)]
    [InlineData(new[] { -100, 2, 3 }, 2)]
    [InlineData(new[] { 1, -100, -100 }, 0)]
    public void The_first_label_predicts_nothing_and_is_not_counted(int[] labels, int trained) =>
        Assert.Equal(trained, new TrainingRow([1, 2, 3], labels, 1).TrainedTokens);

    [Fact]
    public void Without_shuffling_rows_come_in_the_order_of_the_file_again_and_again()
    {
        var order = new RowOrder(3, shuffle: false, seed: 1);
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(i => order.At(i)));
    }

    [Fact]
    public void Each_shuffled_epoch_holds_every_row_once_in_an_order_of_its_own_that_the_seed_repeats()
    {
        int[] Epoch(int seed, int epoch)
        {
            var order = new RowOrder(100, shuffle: true, seed);
            return [.. Enumerable.Range(epoch * 100, 100).Select(i => order.At(i))];
        }

        Assert.Equal(Enumerable.Range(0, 100), Epoch(42, 0).Order());
        Assert.Equal(Enumerable.Range(0, 100), Epoch(42, 1).Order());
        Assert.NotEqual(Epoch(42, 0), Epoch(42, 1));
        Assert.NotEqual(Epoch(42, 0), Epoch(43, 0));
        Assert.Equal(Epoch(42, 1), Epoch(42, 1));
    }

    [Fact]
    public void Shuffling_is_uniform()
    {
        // 6 orders of 3 rows over 6000 epochs: each 1000 times, within 4 standard deviations (4 * sqrt(6000 * 5/36) = 115).
        var order = new RowOrder(3, shuffle: true, seed: 7);
        var counts = Enumerable.Range(0, 6000).Select(e => (order.At(3L * e), order.At((3L * e) + 1))).CountBy(x => x).ToDictionary();
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 885, 1115));
    }

    [Theory]
    [InlineData(-1, 1, 100, 8, 13, 100)]
    [InlineData(-1, 2.5, 100, 8, 32, 250)]
    [InlineData(-1, 0.001, 100, 8, 1, 1)]
    [InlineData(60, 3, 100, 8, 60, 480)]
    public void Steps_come_from_max_steps_or_from_the_epochs(int maxSteps, double epochs, int rows, int batch, int steps, long taken)
    {
        var config = new RunConfig { MaxSteps = maxSteps, NumTrainEpochs = epochs, PerDeviceTrainBatchSize = batch };
        var plan = TrainingPlan.Create(config, rows);
        Assert.Equal((steps, taken), (plan.TotalSteps, plan.TotalRows));
        Assert.Equal((0L, Math.Min(batch, taken)), plan.Window(0));
        Assert.Equal(taken, plan.Window(steps - 1).End);
        Assert.Equal((double)taken / rows, plan.Epoch(steps));
    }

    /// <summary>The first numbers of Vigna's splitmix64.c for seed 1234567, as published with many ports of it.</summary>
    [Fact]
    public void The_generator_is_splitmix64()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void Best_fit_decreasing_puts_each_sequence_into_the_fullest_row_with_room()
    {
        // By hand, rows of 7: 6 | 5 | 4, then 3 joins 4 (room 3 fits best), 2 joins 5.
        Assert.Equal([[4], [0, 3], [2, 1]], BestFitDecreasing.Pack([5, 3, 4, 2, 6], 7));
        Assert.Empty(BestFitDecreasing.Pack([], 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => BestFitDecreasing.Pack([8], 7));
    }

    [Fact]
    public void Concatenated_rows_predict_nothing_across_their_borders()
    {
        var batch = TokenBatch.Concatenate([new TrainingRow([1, 2, 3], [-100, 2, 3], 1), new TrainingRow([4, 5], [4, 5], 2)]);
        Assert.Equal([1, 2, 3, 4, 5], batch.InputIds);
        Assert.Equal([2, 3, -100, 5, -100], batch.Targets);
        Assert.Equal([0, 3, 5], batch.Packed!.Offsets);
        Assert.Equal([0, 1, 2, 3, 4], batch.RealPositions());
        Assert.Equal((1, 5, 5), (batch.Rows, batch.Length, batch.Tokens));
    }
}
