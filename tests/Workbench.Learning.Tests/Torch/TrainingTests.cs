using TorchSharp;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

public class TrainingTests
{
    /// <summary>y = 2x - 1 has the exact solution weight 2, bias -1.</summary>
    [Fact]
    public void A_linear_layer_learns_a_line_with_AdamW()
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1);
        using var optimizer = optim.AdamW(layer.parameters(), lr: 0.1);
        var x = linspace(-1, 1, 16).unsqueeze(1);
        var y = (2 * x) - 1;
        for (var i = 0; i < 300; i++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(layer.call(x), y);
            loss.backward();
            nn.utils.clip_grad_norm_(layer.parameters(), 1.0);
            optimizer.step();
        }

        Assert.Equal(2, layer.weight.item<float>(), 0.01);
        Assert.Equal(-1, layer.bias!.item<float>(), 0.01);
    }
}
