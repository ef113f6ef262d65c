using System.Reflection;

using TorchSharp;

using Workbench.Torch.Kernels;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>Gradients of every differentiable operation against central differences in float64.</summary>
public class GradientTests
{
    // What returns tensors but has no gradient to check: constants, integers, truth values, draws, and steps without gradients.
    private static readonly HashSet<string> NotDifferentiable =
    [
        .. """
        argmax argmin argsort nonzero one_hot any all isnan isinf isfinite sign floor ceil round trunc
        eq ne lt le gt ge equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not
        bitwise_and bitwise_or bitwise_xor bitwise_not op_BitwiseAnd op_BitwiseOr op_ExclusiveOr op_OnesComplement
        op_Equality op_Inequality op_LessThan op_LessThanOrEqual op_GreaterThan op_GreaterThanOrEqual
        empty zeros ones full eye arange linspace empty_like zeros_like ones_like full_like tensor UnsafeCreateTensor
        rand randn randint randperm rand_like randn_like bernoulli multinomial normal_ uniform_ get_rng_state
        detach detach_ grad requires_grad_ with_requires_grad
        MoveToOuterDisposeScope MoveToOtherDisposeScope DetachFromDisposeScope
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        // Away from float64, and to a device that may not be there.
        "float", "long", "int", "bool", "half", "bfloat16", "cuda",
    ];

    public static TheoryData<int> Indexes() => [.. Enumerable.Range(0, GradientTable.Cases.Count)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void A_gradient_equals_the_central_difference(int index)
    {
        var operation = GradientTable.Cases[index];
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)(1000 + index));
        var inputs = operation.Shapes.Select(shape => Input(shape, operation.Positive, generator)).ToArray();
        var output = operation.Apply(inputs);
        var weights = randn(output.shape, ScalarType.Float64, generator: generator);
        var gradients = autograd.grad([(output * weights).sum()], inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = Numeric(operation, inputs, i, weights);
            var actual = gradients[i].contiguous().data<double>().ToArray();
            for (var j = 0; j < expected.Length; j++)
            {
                Assert.True(Math.Abs(actual[j] - expected[j]) <= 1e-6 + (1e-5 * Math.Abs(expected[j])),
                    $"{operation.Name}, input {i}, element {j}: gradient {actual[j]}, central difference {expected[j]}");
            }
        }
    }

    [Fact]
    public void Every_bound_operation_is_in_the_table_or_named_as_not_differentiable()
    {
        var covered = GradientTable.Cases.Select(c => c.Name).ToHashSet();
        Type[] holders = [typeof(torch), typeof(Tensor), typeof(special), typeof(nn.functional)];
        const BindingFlags own = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var bound = holders.SelectMany(h => h.GetMethods(own)).Where(ReturnsTensors).Select(m =>
            m.Name.StartsWith("get_", StringComparison.Ordinal) ? m.Name[4..] : m.Name)
            .Where(name => name is not "rng_state")
            .Concat(typeof(RmsNorm).Assembly.GetExportedTypes()
                .Where(t =>
                    t.Namespace == typeof(RmsNorm).Namespace && t.GetMethod("Composition") is { ReturnType: var r }
                    && r != typeof(void)).Select(t => t.Name))
            .Distinct().Order(StringComparer.Ordinal).ToArray();

        Assert.DoesNotContain(bound, name => !covered.Contains(name) && !NotDifferentiable.Contains(name));
        Assert.DoesNotContain(covered, NotDifferentiable.Contains);
    }

    [Fact]
    public void A_kernel_refuses_a_second_derivative_instead_of_giving_a_wrong_one()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (randn([2, 4], requires_grad: true), ones([4], requires_grad: true));
        var loss = RmsNorm.Apply(x, w, 1e-6).square().sum();

        var error = Assert.Throws<TorchException>(() => autograd.grad([loss], [x], create_graph: true));

        Assert.Contains("differentiable once only", error.Message, StringComparison.Ordinal);
    }

    private static bool ReturnsTensors(MethodInfo method)
    {
        var type = method.ReturnType;
        return type == typeof(Tensor) || type == typeof(Tensor[])
            || (type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal)
                && type.GetGenericArguments().Contains(typeof(Tensor)));
    }

    private static Tensor Input(long[] shape, bool positive, Generator generator) =>
        positive
            ? ((rand(shape, ScalarType.Float64, generator: generator) * 1.5) + 0.5).detach().requires_grad_()
            : randn(shape, ScalarType.Float64, requires_grad: true, generator: generator);

    private static double[] Numeric(GradientCase operation, Tensor[] inputs, int which, Tensor weights)
    {
        const double h = 1e-5;
        using var withoutGradients = no_grad();
        var flat = inputs[which].data<double>();
        return [.. Enumerable.Range(0, (int)flat.Count).Select(j =>
        {
            var value = flat[j];
            flat[j] = value + h;
            var above = Value();
            flat[j] = value - h;
            var below = Value();
            flat[j] = value;
            return (above - below) / (2 * h);
        })];

        double Value()
        {
            using var scope = NewDisposeScope();
            // Kernels take their gradients beside the loss only where gradients are on, which the value does not depend on.
            return (operation.Apply(inputs) * weights).sum().item<double>();
        }
    }
}
