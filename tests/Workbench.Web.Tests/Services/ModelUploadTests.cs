using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class ModelUploadTests
{
    private static readonly string Model = Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");

    private static List<UploadedFile> Files() => [.. Directory.GetFiles(Model).Select(path => new UploadedFile(Path.GetFileName(path), new FileInfo(path).Length, _ => File.OpenRead(path)))];

    private static UploadedFile Named(string name) => new(name, 3, _ => new MemoryStream([1, 2, 3]));

    [Fact]
    public async Task Uploaded_files_become_a_model_and_what_is_no_part_of_one_is_left_out()
    {
        await using var services = await TestServices.StartAsync();
        long here = 0;
        var files = Files();
        var total = files.Sum(file => file.Size);
        var model = await services.Get<ModelUpload>().ReceiveAsync([.. files, Named(".gitattributes"), Named("loss.png")], " mine ", (_, bytes) => here = bytes, TestContext.Current.CancellationToken);
        Assert.Equal(("mine", total), (model.Name, here));
        Assert.Equal(
            Directory.GetFiles(Model).Select(Path.GetFileName).Append("workbench_source.json").Order(), Directory.GetFiles(model.Path).Select(Path.GetFileName).Order());
        Assert.Equal("Upload", ModelSource.Read(model.Path)!.Site);
        Assert.True(services.Get<ModelLineage>().OwnsFiles(model));
    }

    [Fact]
    public async Task A_cancelled_or_broken_upload_leaves_nothing()
    {
        await using var services = await TestServices.StartAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.Get<ModelUpload>().ReceiveAsync(Files(), "x", (_, _) => stop.Cancel(), stop.Token));
        var cut = Files().ConvertAll(file => file.Name == "model.safetensors" ? file with { Open = _ => new MemoryStream(new byte[64]) } : file);
        var refused = await Assert.ThrowsAsync<UserInputException>(() => services.Get<ModelUpload>().ReceiveAsync(cut, "x", (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Contains("model.safetensors", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await services.Get<ModelService>().ListAsync(TestContext.Current.CancellationToken));
        var folder = services.Get<DataFolder>();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Temporary));
        Assert.Empty(Directory.Exists(folder.Models) ? Directory.GetFileSystemEntries(folder.Models) : []);
    }

    [Fact]
    public void Files_without_weights_config_or_with_a_pickle_are_refused_by_name()
    {
        Assert.Contains("no weights", Refused(Named("config.json")).Message, StringComparison.Ordinal);
        Assert.Contains("config.json", Refused(Named("model.safetensors")).Message, StringComparison.Ordinal);
        var pickle = Refused(Named("config.json"), Named("pytorch_model-00001-of-00002.bin"));
        Assert.Contains("pytorch_model-00001-of-00002.bin", pickle.Message, StringComparison.Ordinal);
        Assert.Contains("safe_serialization=True", pickle.Remedy, StringComparison.Ordinal);
        Assert.Contains("GB", Refused(Named("config.json"), new UploadedFile("model.safetensors", ModelUpload.MaxFileBytes + 1, _ => Stream.Null)).Message, StringComparison.Ordinal);

        static UserInputException Refused(params UploadedFile[] files) => Assert.Throws<UserInputException>(() => ModelUpload.Choose(files));
    }

    [Theory]
    [InlineData("model-00001-of-00002.safetensors", true)]
    [InlineData("additional_chat_templates/tool_use.jinja", true)]
    [InlineData("LICENSE", true)]
    [InlineData("../config.json", false)]
    [InlineData("onnx/model.onnx", false)]
    [InlineData("consolidated.safetensors", false)]
    [InlineData("modeling_custom.py", false)]
    public void The_files_of_a_model_are_known_by_name(string path, bool belongs) => Assert.Equal(belongs, ModelFiles.Belongs(path));
}
